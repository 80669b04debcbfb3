import { createHash } from 'node:crypto';

/** What has to be at the root of a business domain of this platform or mini program (WeChat page "getThirdpartyJumpDomainConfirmFile"). */
export function confirmFileOf(appid: string, seed: string): { file_name: string; file_content: string } {
  const digest = createHash('sha256').update(`confirm file ${seed} ${appid}`).digest('hex');
  return { file_name: `${digest.slice(0, 10)}.txt`, file_content: digest.slice(10, 42) };
}
