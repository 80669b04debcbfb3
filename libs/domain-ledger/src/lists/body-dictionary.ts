/**
 * Dictionary 1 of stored bodies: the text that answers of `get_effective_domain` have in common. The end of a
 * dictionary is the cheapest to refer to, so whole answers stand last. Stored bodies depend on these bytes: never
 * change them, add a dictionary 2 instead.
 */
const lists = ['requestdomain', 'wsrequestdomain', 'uploaddomain', 'downloaddomain', 'udpdomain', 'tcpdomain'];
const groups = ['mp_domain', 'third_domain', 'direct_domain', 'effective_domain'];

function answer(entries: (list: string) => string, gap: string): string {
  const body = groups.map(
    (group) => `"${group}":${gap}{${lists.map((list) => `"${list}":${gap}[${entries(list)}]`).join(`,${gap}`)}}`,
  );
  return `{"errcode":${gap}0,${gap}"errmsg":${gap}"ok",${gap}${body.join(`,${gap}`)}}`;
}

const sample: Record<string, string> = {
  requestdomain: '"https://api.',
  wsrequestdomain: '"wss://ws.',
  uploaddomain: '"https://upload.',
  downloaddomain: '"https://cdn.',
  udpdomain: '"udp://',
  tcpdomain: '"tcp://',
};

export const DICTIONARY_1 = Buffer.from(
  [
    '"invalid_requestdomain":[],"no_icp_domain":[],.weixin.qq.com","https:\\/\\/","wss:\\/\\/",.cn","https://.com.cn","https://.example.com","https://www.',
    '.net","https://static.","https://img.","https://file.","https://oss.aliyuncs.com","https://.myqcloud.com","https://.tcb.qcloud.la',
    answer(() => '', ' '),
    answer((list) => sample[list] ?? '', ''),
    answer(() => '', ''),
  ].join(''),
  'utf8',
);
