import type { Command } from 'commander';

/** What may follow each command: its commands and options. `''` is the program itself. */
function words(program: Command): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const walk = (command: Command, path: string, inherited: readonly string[]) => {
    const options = [...inherited, ...command.options.flatMap(({ long }) => long ?? [])];
    const names = command.commands.filter((each) => !isHidden(each)).map((each) => each.name());
    found.set(path, [...new Set([...names, ...options, '--help'])]);
    for (const each of command.commands) walk(each, `${path} ${each.name()}`.trim(), options);
  };
  walk(program, '', []);
  return found;
}

function isHidden(command: Command): boolean {
  return (command as unknown as { _hidden?: boolean })._hidden === true;
}

/**
 * Completion for bash, and by its own emulation for zsh. Everything is in the script: no program is started while somebody
 * types. `source <(wxfleet completion bash)`.
 */
export function completionScript(program: Command, shell: 'bash' | 'zsh'): string {
  const name = program.name();
  const cases = [...words(program)].map(([path, next]) => `    '${path}') words='${next.join(' ')}' ;;`).join('\n');
  const commands = [...words(program).keys()].filter((path) => path !== '').map((path) => `'${path}'`);
  const bash = `_${name}_complete() {
  local word="\${COMP_WORDS[COMP_CWORD]}" path='' next words index
  for ((index = 1; index < COMP_CWORD; index++)); do
    next="\${path:+$path }\${COMP_WORDS[index]}"
    case "$next" in
    ${commands.join('|')}) path="$next" ;;
    esac
  done
  case "$path" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _${name}_complete ${name}
`;
  return shell === 'bash'
    ? bash
    : `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bash}`;
}
