import type { ApiIpKind, TerraformRules } from '#libs/contract';

/** A list as the writers of files take it. */
export interface ListToWrite {
  kind: ApiIpKind;
  /** `api_domain` or `callback`. */
  name: string;
  v4: readonly string[];
  v6: readonly string[];
  comment: readonly string[];
  rules: TerraformRules;
}
