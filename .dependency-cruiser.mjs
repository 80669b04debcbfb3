/**
 * Import directions. A library sees only libraries of a lower rank, through their index; apps see libraries.
 * The order below is the architecture (docs/architecture.md); the rules are generated from it.
 */
const RANKS = [
  ['wechat-wire'],
  ['contract'],
  ['kernel', 'postgres', 'client'],
  ['wechat'],
  ['jobs', 'access'],
  ['events'],
  ['quota'],
  ['custody'],
  ['inbox'],
  ['authorizers'],
  ['domain-ledger', 'api-ip-ledger'],
  ['doctor'],
];
const rankRules = RANKS.flatMap((names, rank) =>
  names.map((name) => ({
    name: `rank-${rank}-${name}`,
    comment: `libs/${name} may import only libraries of a rank below ${rank}`,
    severity: 'error',
    from: { path: `^libs/${name}/`, pathNot: '(\\.spec\\.ts$|/test/)' },
    to: {
      path: `^libs/(${RANKS.slice(rank)
        .flat()
        .filter((other) => other !== name)
        .concat('testing')
        .join('|')})/`,
    },
  })),
);
const only = (from, allowed, comment) => ({
  name: comment,
  severity: 'error',
  from: { path: from, pathNot: '(\\.spec\\.ts$|/test/)' },
  to: { path: '^(apps|libs|migrations)/', pathNot: allowed },
});

export default {
  forbidden: [
    ...rankRules,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'through-the-index',
      comment: 'enter a library through #libs/<name> only',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^$1/$2/'] },
    },
    only('^apps/hub/', '^(apps/hub|libs|migrations)/', 'hub-sees-no-app'),
    only('^apps/cli/', '^(apps/cli|apps/hub|libs|migrations)/', 'cli-sees-hub-only'),
    only('^apps/simulator/', '^(apps/simulator/|libs/(wechat-wire|kernel)/)', 'simulator-shares-the-wire-only'),
    only('^apps/dev/', '^(apps/(dev|hub|simulator)|libs|migrations)/', 'dev-composes-hub-and-simulator'),
    only('^apps/bench/', '^(apps/(bench|dev|hub|simulator)|libs|migrations)/', 'bench-may-use-dev'),
    only('^apps/example-backend/', '^(apps/example-backend|libs/client)/', 'example-knows-the-client-only'),
    only('^migrations/', '^migrations/', 'migrations-import-nothing-of-ours'),
    {
      name: 'testing-is-for-specs',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '(\\.spec\\.ts$|/test/|^apps/(dev|bench)/|^libs/testing/)' },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'simulator-never-in-production',
      severity: 'error',
      from: { path: '^(apps/(hub|cli)|libs|migrations)/', pathNot: '(\\.spec\\.ts$|/test/|^libs/testing/)' },
      to: { path: '^apps/simulator/' },
    },
    {
      name: 'rank-0-is-pure',
      severity: 'error',
      from: { path: '^libs/(contract|wechat-wire)/', pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules/(@nestjs|typeorm|undici|pg|graphile-worker)' },
    },
    {
      name: 'undici-only-in-wechat',
      severity: 'error',
      from: { path: '^(libs|apps/(hub|cli))/', pathNot: '(^libs/(wechat|client|events)/|\\.spec\\.ts$|/test/)' },
      to: { path: 'node_modules/undici/' },
    },
    {
      name: 'no-database-in-controllers',
      severity: 'error',
      from: { path: '\\.controller\\.ts$' },
      to: { path: 'node_modules/(typeorm|pg)/' },
    },
    {
      name: 'no-orphans',
      comment: 'jest names its global files by path',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: '(\\.spec\\.ts$|\\.d\\.ts$|^apps/launcher/|^apps/bench/src/bare/|/test/|/global-teardown\\.ts$)',
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules|apps/console)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
