import { Module } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';

/** Takes the place of a module that a spec does without (`overrideModule`). */
@Module({})
export class EmptyModule {}

type Classes = Record<string, { prototype: unknown } & (abstract new (...parameters: never[]) => unknown)>;

/** Services by name; see `servicesOf`. */
export type ServicesOf<Named extends Classes> = { readonly [Name in keyof Named]: InstanceType<Named[Name]> };

/** Services of a module, each by its class: `servicesOf(module, { accounts: ComponentAccounts })`. */
export function servicesOf<Named extends Classes>(module: TestingModule, classes: Named): ServicesOf<Named> {
  const found = Object.entries(classes).map(([name, service]) => [name, module.get<unknown>(service as never)]);
  return Object.fromEntries(found) as ServicesOf<Named>;
}
