import { Stage, type StageOptions } from './stage.ts';

/**
 * Runs something on a stage of its own that is taken down whatever happens: an end, a failure, Ctrl-C, or an error that
 * nobody caught.
 */
export async function onStage<T>(options: StageOptions, run: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await Stage.open(options);
  let interrupted = false;
  const leave = (why: string, code: number) => {
    if (interrupted) process.exit(code);
    interrupted = true;
    process.stderr.write(`\n${why}: ending all processes\n`);
    void stage.close().finally(() => process.exit(code));
  };
  const onSignal = (signal: NodeJS.Signals) => leave(signal, 130);
  const onError = (error: unknown) => leave(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  process.on('uncaughtException', onError).on('unhandledRejection', onError);
  try {
    return await run(stage);
  } catch (error) {
    // While everything is being taken down, whatever was under way fails; the reason has been told.
    if (interrupted) await new Promise<never>(() => undefined);
    throw error;
  } finally {
    await stage.close();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    process.off('uncaughtException', onError).off('unhandledRejection', onError);
  }
}
