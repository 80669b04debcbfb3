import { ERROR_CODES, type ErrorCode } from '../error-codes.ts';
import { accessTexts } from './access.ts';
import { authorizerTexts } from './authorizers.ts';
import { commonTexts } from './common.ts';
import { domainHistoryTexts } from './domain-history.ts';
import { ERROR_TITLES } from './errors.ts';
import { eventTexts } from './events.ts';
import { fleetTexts } from './fleet.ts';
import { machineTexts } from './machine.ts';
import { platformTexts } from './platforms.ts';
import { relayTexts } from './relays.ts';
import type { Texts } from './texts.ts';
import { upkeepTexts } from './upkeep.ts';
import { webhookTexts } from './webhooks.ts';
import { wechatIpTexts } from './wechat-ips.ts';

/** By file name in this folder. */
export const AREAS: Readonly<Record<string, Texts>> = {
  common: commonTexts,
  access: accessTexts,
  authorizers: authorizerTexts,
  'domain-history': domainHistoryTexts,
  events: eventTexts,
  fleet: fleetTexts,
  machine: machineTexts,
  platforms: platformTexts,
  relays: relayTexts,
  upkeep: upkeepTexts,
  webhooks: webhookTexts,
  'wechat-ips': wechatIpTexts,
};

const TEXTS = new Map(Object.values(AREAS).flatMap((area) => Object.entries(area)));

type Form = readonly [english: RegExp, chinese: (of: (part?: string) => string, ...parts: string[]) => string];

/** Texts that the contract puts together, with the places where it does. */
const FORMS: readonly Form[] = [
  // `moment` of fields.ts
  [/^(.+) \(ISO 8601, UTC, milliseconds\)$/su, (of, text) => `${of(text)}（ISO 8601，UTC，精确到毫秒）`],
  // `momentInput` of fields.ts
  [
    /^(.+) \(ISO 8601 with offset, for example (\S+)\)$/su,
    (of, text, example) => `${of(text)}（带时区的 ISO 8601，如 ${example}）`,
  ],
  // `operation` of openapi.ts
  [
    /^(?:(.+) )?Requires the scope (`[a-z:-]+`)( and an operator)?\.$/su,
    (of, text, scope, operator) => `${of(text)}需要权限 ${scope}${operator ? '，且仅限运维用户（operator）' : ''}。`,
  ],
  [/^(?:(.+) )?Requires any API key or session\.$/su, (of, text) => `${of(text)}任何 API 密钥或会话均可调用。`],
  // `SCOPE_NOTE` of fleet-routes.ts
  [
    /^Covers mini programs in state `authorized`, limited to the merchants of the key\.(?: (.+))?$/su,
    (of, text) => `范围为状态 \`authorized\` 的小程序，并限于密钥可见的商家。${of(text)}`,
  ],
];

/** Finds the Chinese texts of the document, and keeps account of those that are used and those that are missing. */
export class ChineseTexts {
  /** English texts without a Chinese one. */
  readonly missing = new Set<string>();
  /** English texts whose Chinese one was used. */
  readonly used = new Set<string>();

  /** The Chinese text of an English one; the English one where there is none. */
  of(english: string): string {
    for (const [form, chinese] of FORMS) {
      const found = form.exec(english);
      if (found) return chinese((part) => (part === undefined ? '' : this.of(part)), ...found.slice(1));
    }
    return problemsInChinese(english) ?? this.#plain(english);
  }

  #plain(english: string): string {
    const chinese = TEXTS.get(english);
    (chinese === undefined ? this.missing : this.used).add(english);
    return chinese ?? english;
  }
}

/** Of a list of error codes with their titles, as `problems` of openapi.ts makes it; undefined: the text is none. */
function problemsInChinese(english: string): string | undefined {
  const problems = english.split(/\. (?=`)/u).map((problem) => /^`([a-z_]+)`: (.+)$/su.exec(problem));
  const chinese: string[] = [];
  for (const problem of problems) {
    const code = problem?.[1] as ErrorCode;
    if (!problem || ERROR_CODES[code]?.title !== problem[2]) return undefined;
    chinese.push(`\`${code}\`：${ERROR_TITLES[code]}`);
  }
  return chinese.join('。');
}
