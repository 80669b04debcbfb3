import type { TerraformRules } from '#libs/contract';
import type { ListToWrite } from './list-to-write.ts';

/** Lists as locals; with `rules`, security-group rules of one provider that use them. */
export function terraform(list: ListToWrite): string {
  const { name, v4, v6 } = list;
  const locals = [
    'locals {',
    ...listOf(`wechat_${name}_ipv4`, v4, 32),
    ...listOf(`wechat_${name}_ipv6`, v6, 128),
    '}',
    '',
  ];
  return locals.join('\n') + RULES[list.rules](list);
}

/** Providers want networks only. */
function listOf(name: string, entries: readonly string[], bits: number): string[] {
  if (entries.length === 0) return [`  ${name} = []`];
  return [
    `  ${name} = [`,
    ...entries.map((entry) => `    "${entry.includes('/') ? entry : `${entry}/${bits}`}",`),
    '  ]',
  ];
}

function variables(name: string): string {
  return `
variable "wechat_${name}_security_group_id" {
  type = string
}

variable "wechat_${name}_port" {
  type    = number
  default = 443
}
`;
}

const RULES: Record<TerraformRules, (list: ListToWrite) => string> = {
  none: () => '',
  aws: ({ kind, name }) =>
    variables(name) +
    (['ipv4', 'ipv6'] as const)
      .map(
        (family) => `
resource "aws_vpc_security_group_${directionOf(kind)}_rule" "wechat_${name}_${family}" {
  for_each          = toset(local.wechat_${name}_${family})
  security_group_id = var.wechat_${name}_security_group_id
  cidr_${family}         = each.value
  ip_protocol       = "tcp"
  from_port         = var.wechat_${name}_port
  to_port           = var.wechat_${name}_port
  description       = "WeChat ${kind}"
}
`,
      )
      .join(''),
  alicloud: ({ kind, name }) =>
    variables(name) +
    (['ipv4', 'ipv6'] as const)
      .map(
        (family) => `
resource "alicloud_security_group_rule" "wechat_${name}_${family}" {
  for_each          = toset(local.wechat_${name}_${family})
  security_group_id = var.wechat_${name}_security_group_id
  type              = "${directionOf(kind)}"
  ip_protocol       = "tcp"
  policy            = "accept"
  port_range        = "\${var.wechat_${name}_port}/\${var.wechat_${name}_port}"
  ${family === 'ipv4' ? 'cidr_ip     ' : 'ipv6_cidr_ip'}      = each.value
  description       = "WeChat ${kind}"
}
`,
      )
      .join(''),
  tencentcloud: ({ kind, name }) => {
    const direction = directionOf(kind);
    const blocks = (['ipv4', 'ipv6'] as const).map(
      (family) => `
  dynamic "${direction}" {
    for_each = local.wechat_${name}_${family}
    content {
      action      = "ACCEPT"
      ${family === 'ipv4' ? 'cidr_block ' : 'ipv6_cidr_block'} = ${direction}.value
      protocol    = "TCP"
      port        = tostring(var.wechat_${name}_port)
      description = "WeChat ${kind}"
    }
  }
`,
    );
    return `${variables(name)}
# A rule set holds all rules of its security group: give it a group of its own.
resource "tencentcloud_security_group_rule_set" "wechat_${name}" {
  security_group_id = var.wechat_${name}_security_group_id
${blocks.join('')}}
`;
  },
};

/** Pushes come in, calls go out. */
function directionOf(kind: ListToWrite['kind']): 'ingress' | 'egress' {
  return kind === 'callback' ? 'ingress' : 'egress';
}
