import { join } from 'node:path';

/** Where base images and the registry's content are kept, shared by all labs. */
export const cacheDir = (): string => process.env['HADEPLOY_LAB_CACHE'] ?? '/var/cache/hadeploy-lab';

/** The parent of the labs' own folders. */
export const labsDir = (): string => process.env['HADEPLOY_LAB_DIR'] ?? '/var/lib/hadeploy-lab';

/** The folder of one lab: its key, known_hosts, state and hosts. */
export const labDir = (lab: string): string => join(labsDir(), lab);

/** Where the locks are; on a tmpfs, so that a lab that is down leaves no file on the disk. */
export const locksDir = '/run/lock/hadeploy-lab';
