import { command } from './command.ts';
import { compose } from './compose.ts';
import { directory } from './directory.ts';
import { file } from './file.ts';
import { http } from './http.ts';
import { image } from './image.ts';
import { iptablesChain } from './iptables-chain.ts';
import type { AnyKind } from './kind.ts';
import { packages } from './package.ts';
import { service } from './service.ts';
import { sysctl } from './sysctl.ts';
import { user } from './user.ts';

/** All kinds by the key that a task uses, in the order `hadeploy explain` lists them. */
export const kinds: ReadonlyMap<string, AnyKind> = new Map(
  (
    [
      directory,
      file,
      packages,
      service,
      sysctl,
      user,
      command,
      image,
      compose,
      iptablesChain,
      http,
    ] as readonly AnyKind[]
  ).map((kind) => [kind.name, kind]),
);
