import { Argument, type Command, Option } from 'commander';
import { eachItem } from '#libs/client';
import { connection } from './connection.ts';
import { UsageError } from './exit-codes.ts';
import { isJson, print } from './output.ts';
import { textOf } from './secret-input.ts';
import { assertWanted } from './ask.ts';

/** An option of a command: where its value goes. */
interface RestOption {
  flags: string;
  does: string;
  /** Name in the query, or `body.<name>`. */
  to: string;
  /** Of the text; default: the text itself. */
  read?: (text: string) => unknown;
  choices?: readonly string[];
  required?: boolean;
}

/** A command that is one call of the REST interface. */
export interface RestCommand {
  /** With its group: `merchants list`. */
  name: string;
  does: string;
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `{component_appid}` is the platform; other parts are arguments, in this order. */
  path: string;
  /** What each argument is, by its name in the path, or `body.<name>`. */
  args?: Readonly<Record<string, string>>;
  options?: readonly RestOption[];
  /** The whole body is JSON from a file or standard input: what is in it. */
  file?: string;
  /** Sent with every call. */
  body?: Readonly<Record<string, unknown>>;
  /** Of the table. */
  columns: readonly string[];
  /** `list`: pages of items. `items`: a list without pages. `one`: one object. `none`: nothing comes back. `lists`: several named lists. */
  answer: 'list' | 'items' | 'one' | 'none' | 'lists';
  /** Rows of the table, where they are not the items themselves. */
  rows?: (item: Record<string, unknown>) => Record<string, unknown>[];
  /** At most this many rows unless told otherwise. */
  limit?: number;
  /** Cannot be taken back: asked for, unless `--yes` is given. */
  warns?: string;
  /** Body member that must name what is meant: its argument. */
  confirms?: string;
}

type Call = (more?: object) => Promise<Record<string, unknown> | undefined>;
type Page = { items: Record<string, unknown>[]; next_cursor: string | null };
type Send = (path: string, init: object) => Promise<{ data?: unknown }>;

const isPart = (name: string) => !name.startsWith('body.');

/** Adds a command, and its group where it is the first one of it. */
export function addRestCommand(program: Command, spec: RestCommand): void {
  const names = spec.name.split(' ');
  const last = names.pop() as string;
  let parent = program;
  for (const name of names) {
    const group = parent.commands.find((each) => each.name() === name);
    if (!group) throw new Error(`there is no command group ${name}`);
    parent = group;
  }
  const command = parent.command(last).description(spec.does);
  const names_ = Object.entries(spec.args ?? {});
  for (const [name, does] of names_) command.addArgument(new Argument(`<${name.replace('body.', '')}>`, does));
  if (spec.file !== undefined) command.argument('<file>', spec.file);
  for (const { flags, does, choices, required } of spec.options ?? []) {
    const option = new Option(flags, does);
    if (choices) option.choices(choices);
    if (required) option.makeOptionMandatory();
    command.addOption(option);
  }
  if (spec.answer === 'list') command.option('--limit <n>', 'at most this many', wholeNumber);
  if (spec.warns !== undefined) command.option('--yes', 'do not ask');
  command.action(async (...given: unknown[]) => {
    const options = command.opts<Record<string, unknown>>();
    const values = given.slice(0, names_.length) as string[];
    await run(command, spec, values, spec.file === undefined ? undefined : (given[names_.length] as string), options);
  });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError('--limit must be a whole number above 0');
  return Number(text);
}

async function run(
  command: Command,
  spec: RestCommand,
  values: readonly string[],
  file: string | undefined,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { client, component } = connection(command);
  const path: Record<string, string> = spec.path.includes('{component_appid}')
    ? { component_appid: await component() }
    : {};
  const query: Record<string, unknown> = {};
  const body: Record<string, unknown> = { ...spec.body };
  const put = (to: string, value: unknown) => {
    if (to.startsWith('body.')) body[to.slice(5)] = value;
    else query[to] = value;
  };
  for (const [index, name] of Object.keys(spec.args ?? {}).entries()) {
    if (isPart(name)) path[name] = values[index] as string;
    else put(name, values[index]);
    if (spec.confirms !== undefined && name === spec.confirms) body['confirm'] = values[index];
  }
  for (const { flags, to, read } of spec.options ?? []) {
    const value = options[new Option(flags).attributeName()];
    if (value !== undefined) put(to, read && typeof value === 'string' ? read(value) : value);
  }
  if (file !== undefined) Object.assign(body, JSON.parse(await textOf(file)) as object);
  if (spec.warns !== undefined) await assertWanted(spec.warns, 'Go ahead?', options['yes'] === true);
  const send = client[spec.method] as unknown as Send;
  const call: Call = async (more = {}) =>
    (
      await send(spec.path, {
        params: { path, query: { ...query, ...more } },
        ...(spec.method === 'GET' || (spec.method === 'DELETE' && Object.keys(body).length === 0) ? {} : { body }),
      })
    ).data as Record<string, unknown> | undefined;
  const json = isJson(command);
  const shown = (items: Record<string, unknown>[]) =>
    print(json ? items : items.flatMap((item) => spec.rows?.(item) ?? [item]), spec.columns, json);
  switch (spec.answer) {
    case 'list':
      return shown(await allOf(call, (options['limit'] as number | undefined) ?? spec.limit));
    case 'items':
      return shown(((await call())?.['items'] as Record<string, unknown>[] | undefined) ?? []);
    case 'one': {
      const data = await call();
      return data && json ? void process.stdout.write(`${JSON.stringify(data)}\n`) : shown(data ? [data] : []);
    }
    case 'lists': {
      const data = (await call()) ?? {};
      if (json) return void process.stdout.write(`${JSON.stringify(data)}\n`);
      for (const [name, items] of Object.entries(data)) {
        if (!Array.isArray(items)) continue;
        process.stdout.write(`${name}\n`);
        const columns = spec.columns.filter((column) => items.some((item: object) => Object.hasOwn(item, column)));
        print(items as Record<string, unknown>[], columns, false);
      }
      return undefined;
    }
    case 'none':
      await call();
      print(
        [{ ...path, state: 'done' }],
        [...Object.keys(path).filter((name) => name !== 'component_appid'), 'state'],
        json,
      );
  }
}

async function allOf(call: Call, limit = Number.POSITIVE_INFINITY): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  const pages = eachItem(async (cursor) => ({
    data: (await call({
      limit: Math.min(500, limit - rows.length),
      ...(cursor === undefined ? {} : { cursor }),
    })) as Page,
  }));
  for await (const row of pages) if (rows.push(row) >= limit) break;
  return rows;
}
