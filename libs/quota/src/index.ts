export { CallQuota, QuotaOptions } from './call-quota.ts';
export { QuotaModule } from './quota.module.ts';
export { type Budget, listBudgets, setBudget } from './budgets.ts';
export { QuotaReset, type QuotaResetOutcome } from './quota-reset.ts';
export {
  type BudgetView,
  type CallCountView,
  type ParkView,
  type QuotaView,
  merchantCalls,
  quotaView,
} from './quota-view.ts';
export { QuotaRefusal } from './refusals.ts';
