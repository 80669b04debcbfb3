/**
 * Forgets the variables that PostgreSQL's programs and clients read (`PGHOST`, `PGOPTIONS`, `PGSSLMODE`, …): they are meant for
 * another server of the user's. For the rest of this process, whose connections all go to the embedded server.
 */
export function forgetPostgresVariables(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(env)) if (/^PG[A-Z]+$/.test(name)) delete env[name];
}
