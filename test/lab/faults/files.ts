import type { Estate } from './estate.ts';

/** What stands on a host below the folders that hadeploy writes to. */
export interface Files {
  /** Path → digest of everything that belongs to bundles. */
  readonly digests: Readonly<Record<string, string>>;
  /** Temporary files, and records that are no JSON. */
  readonly rubbish: readonly string[];
}

const look = `cd /
find opt/hadeploy etc/keepalived -type f ! -path 'opt/hadeploy/secrets/*' ! -path '*/state/*' ! -name .hadeploy.json -exec sha256sum {} +
find opt/hadeploy etc/keepalived etc/docker etc/systemd var/lib/hadeploy '(' -name '*.hadeploy-*' -o -name '.hadeploy.json.*' -o -name '*.new' ')' | sed 's/^/left  /'
for record in opt/hadeploy/*/.hadeploy.json var/lib/hadeploy/owned.json var/lib/hadeploy/generations/*.json; do
  [ ! -f "$record" ] || jq -e . "$record" >/dev/null 2>&1 || echo "garbled  $record"
done`;

/** Looks at the files of all hosts. */
export async function filesOf({ lab, on }: Estate): Promise<Files> {
  const digests: Record<string, string> = {};
  const rubbish: string[] = [];
  for (const { name } of lab.hosts)
    for (const line of (await on(name, look)).split('\n')) {
      const [digest, path = ''] = line.split('  ');
      if (digest === 'left' || digest === 'garbled') rubbish.push(`${digest} on ${name}: ${path}`);
      else if (!path.includes('.hadeploy-')) digests[`${name}:${path}`] = digest!;
    }
  return { digests, rubbish };
}

/** Files that are neither what they were before nor what they are to become. */
export function halfWritten(before: Files, between: Files, after: Files): readonly string[] {
  const paths = new Set([before, between, after].flatMap(({ digests }) => Object.keys(digests)));
  return [...paths].filter((path) => {
    const seen = between.digests[path];
    return seen !== before.digests[path] && seen !== after.digests[path];
  });
}
