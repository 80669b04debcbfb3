import { eventually } from '#libs/testing';
import { COMPONENT, type ProcessWorld } from '../../dev/test/processes.ts';

/** A platform with one mini program, whose first snapshot has been taken. */
export async function openShop(
  world: ProcessWorld,
  hub: Awaited<ReturnType<ProcessWorld['hub']>>,
  appid: string,
): Promise<void> {
  await world.platform(hub.url, hub.rest);
  world.simulator.world.addMiniProgram({
    appid,
    domains: { effective_domain: { requestdomain: ['https://a.example'] } },
  });
  await world.simulator.world.authorize(COMPONENT, appid, { permissionSets: [17, 18] }).pushed;
  await eventually('the first snapshot', async () => {
    const page = await hub.rest
      .get<{ items: unknown[] }>(`/v1/platforms/${COMPONENT}/authorizers/${appid}/snapshots`)
      .catch(() => undefined);
    return page && page.items.length > 0;
  });
}
