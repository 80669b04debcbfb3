export { DoctorModule } from './doctor.module.ts';
export { PlatformChecks } from './platform-checks.ts';
