import { bodyDigest } from '#libs/domain-ledger';
import { type Domains, effectiveDomainReply, fullDomains, providerLists } from '../../simulator/src/domains.ts';
import { Dice } from './dice.ts';

/** Different baseline contents: merchants share the lists of their provider's product. */
const PRODUCTS = 40;
/** One mini program in this many has a domain that nobody else has. */
const OWN_IN = 5;

interface Answer {
  version: number;
  body: Buffer;
  digest: string;
}

/**
 * What WeChat answers about each mini program of a fleet, day after day. A change reaches everybody whom it reaches that
 * day in the same shape, as a provider's release does. Answers that are equal share their bytes.
 */
export class ChangingAnswers {
  private readonly answers: Answer[];
  private readonly shared = new Map<string, Answer>();
  private readonly dice = new Dice(20_261_122);
  private version = 0;

  constructor(readonly count: number) {
    this.answers = Array.from({ length: count }, (_, index) => this.answer(index, 0));
  }

  /** A new day, on which a share (0..1) of the mini programs changes. @returns how many did */
  nextDay(share: number): number {
    this.version += 1;
    // Of yesterday's shared answers, those in use are held by their mini programs.
    this.shared.clear();
    let changed = 0;
    for (let index = 0; index < this.count; index += 1) {
      if (this.dice.next() >= share) continue;
      this.answers[index] = this.answer(index, this.version);
      changed += 1;
    }
    return changed;
  }

  /** The body and its digest. */
  of(index: number): Readonly<Answer> {
    return this.answers[index] as Answer;
  }

  private answer(index: number, version: number): Answer {
    const own = index % OWN_IN === 0 ? `shop${index}.example.net` : null;
    const key = `${index % PRODUCTS} ${own ?? ''}`;
    let answer = this.shared.get(key);
    if (!answer) {
      const body = Buffer.from(JSON.stringify(effectiveDomainReply(domainsOf(index % PRODUCTS, version, own))));
      answer = { version, body, digest: bodyDigest(body) };
      this.shared.set(key, answer);
    }
    return answer;
  }
}

function domainsOf(product: number, version: number, own: string | null): Domains {
  const lists = providerLists(`p${product}.example.com`, version, own);
  return { ...fullDomains(), third_domain: lists, effective_domain: lists };
}
