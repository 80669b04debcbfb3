export { CallQuota, type CallQuotaParts } from './call-quota.ts';
export { QuotaReset } from './quota-reset.ts';
export type { Budget, ParkView, UsageView } from './quota-view.ts';
