import type { Command } from 'commander';
import { CHINESE } from './texts.zh.ts';

export type Language = 'en' | 'zh';

/** What `--lang` says, else the environment. */
export function languageOf(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Language {
  const at = args.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const chosen = at === -1 ? undefined : (args[at]?.split('=')[1] ?? args[at + 1]);
  if (chosen === 'en' || chosen === 'zh') return chosen;
  return /^zh/i.test(env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? '') ? 'zh' : 'en';
}

const LANGUAGES = new WeakMap<Command, Language>();

/** The language that a program was built for. */
export function languageIn(command: Command): Language {
  for (let each: Command | null = command; each; each = each.parent) {
    const language = LANGUAGES.get(each);
    if (language) return language;
  }
  return 'en';
}

/** Puts every description of the program, its commands, arguments and options into the language. */
export function translate(program: Command, language: Language): void {
  LANGUAGES.set(program, language);
  if (language === 'en') return;
  const chinese = (text: string) => CHINESE[text] ?? text;
  const walk = (command: Command) => {
    command.description(chinese(command.description()));
    for (const option of command.options) option.description = chinese(option.description);
    for (const argument of command.registeredArguments) argument.description = chinese(argument.description);
    command.helpOption('-h, --help', chinese('show help'));
    command.configureHelp({ ...command.configureHelp(), styleTitle: (title) => chinese(title) });
    for (const each of command.commands) walk(each);
  };
  walk(program);
}
