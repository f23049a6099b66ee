import { kinds } from '../../resources/index.ts';
import { goBack } from '../../run/go-back.ts';
import { type ApplyOptions, apply } from './apply.ts';

/** The options of `rollback`: those of `apply`, and the run to go back to. */
export interface RollbackOptions extends ApplyOptions {
  readonly to?: string;
}

/** `apply` with what hosts keep of earlier runs: the same plan, question, gates and proofs; the exit code. */
export function rollback(inventoryPath: string, options: RollbackOptions): Promise<number> {
  return apply(inventoryPath, options, { back: (playbook) => goBack(playbook, options.to, kinds) });
}
