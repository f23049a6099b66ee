import { unwrap } from '../../diagnostics/diagnostic.ts';
import { exitCodes } from '../exit-code.ts';
import { load, type PlaybookOptions } from '../load.ts';
import { print, printFaults } from '../output.ts';

/** `hadeploy lint`: everything that can be checked from files; the exit code. */
export function lint(inventoryPath: string, options: PlaybookOptions): number {
  const loaded = load(inventoryPath, options);
  const { plays, declared } = loaded.foreseen;
  const targets = loaded.targets({});
  unwrap(targets);
  printFaults([...loaded.warnings, ...(targets.ok ? targets.warnings : [])]);
  for (const play of plays) {
    for (const task of play.open) {
      print(
        `${task.at.file}:${task.at.line}: "${task.name}" depends on facts of ${task.hosts.join(', ')}; checked when they are asked.`,
      );
    }
  }
  const hosts = new Set(plays.flatMap((play) => play.hosts));
  const resources = [...declared.values()].reduce((sum, ids) => sum + ids.size, 0);
  print(`No faults: ${plays.length} plays, ${resources} resources on ${hosts.size} hosts.`);
  return exitCodes.done;
}
