/** The Debian releases whose packages make the older and the newer generation of every image. */
export const generations = ['bookworm', 'trixie'] as const;
export type Generation = (typeof generations)[number];

/** One upstream image, rebuilt from Debian's package of the same program. */
export type ImageRecipe = {
  /** The name that playbooks pull. */
  readonly name: string;
  /** The package whose upstream version becomes the tag. */
  readonly versionOf: string;
  /** No image of a release that is not named here. */
  readonly packages: Readonly<Partial<Record<Generation, readonly string[]>>>;
  /** Path in the packages → path in the image; a path that the packages do not have is left out. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders that the unprivileged user owns. */
  readonly owned: readonly string[];
  /** Debian's compiled-in data folder → the folder that upstream's default means. */
  readonly links: Readonly<Record<string, string>>;
  readonly config: {
    readonly Entrypoint: readonly string[];
    readonly Cmd: readonly string[];
    readonly User: string;
    readonly WorkingDir: string;
    readonly ExposedPorts: Readonly<Record<string, object>>;
    readonly Volumes?: Readonly<Record<string, object>>;
  };
};

// Entry points, arguments, users, ports and volumes are those of the upstream Dockerfiles.
export const imageRecipes: readonly ImageRecipe[] = [
  {
    name: 'prom/prometheus',
    versionOf: 'prometheus',
    packages: { bookworm: ['prometheus'], trixie: ['prometheus', 'promtool'] },
    files: {
      'usr/bin/prometheus': 'bin/prometheus',
      'usr/bin/promtool': 'bin/promtool',
      'etc/prometheus/prometheus.yml': 'etc/prometheus/prometheus.yml',
      'usr/share/prometheus': 'usr/share/prometheus',
    },
    owned: ['prometheus'],
    links: { 'var/lib/prometheus/metrics2': '/prometheus' },
    config: {
      Entrypoint: ['/bin/prometheus'],
      Cmd: [
        '--config.file=/etc/prometheus/prometheus.yml',
        '--storage.tsdb.path=/prometheus',
        '--web.console.libraries=/usr/share/prometheus/console_libraries',
        '--web.console.templates=/usr/share/prometheus/consoles',
      ],
      User: 'nobody',
      WorkingDir: '/prometheus',
      ExposedPorts: { '9090/tcp': {} },
      Volumes: { '/prometheus': {} },
    },
  },
  {
    name: 'prom/alertmanager',
    versionOf: 'prometheus-alertmanager',
    packages: { bookworm: ['prometheus-alertmanager'], trixie: ['prometheus-alertmanager'] },
    files: {
      'usr/bin/prometheus-alertmanager': 'bin/alertmanager',
      'usr/bin/amtool': 'bin/amtool',
      'etc/prometheus/alertmanager.yml': 'etc/alertmanager/alertmanager.yml',
      'usr/share/prometheus/alertmanager': 'usr/share/prometheus/alertmanager',
    },
    owned: ['alertmanager'],
    links: { 'var/lib/prometheus/alertmanager': '/alertmanager' },
    config: {
      Entrypoint: ['/bin/alertmanager'],
      Cmd: ['--config.file=/etc/alertmanager/alertmanager.yml', '--storage.path=/alertmanager'],
      User: 'nobody',
      WorkingDir: '/alertmanager',
      ExposedPorts: { '9093/tcp': {} },
      Volumes: { '/alertmanager': {} },
    },
  },
  {
    name: 'prom/pushgateway',
    versionOf: 'prometheus-pushgateway',
    packages: { bookworm: ['prometheus-pushgateway'], trixie: ['prometheus-pushgateway'] },
    files: {
      'usr/bin/prometheus-pushgateway': 'bin/pushgateway',
      'usr/share/prometheus/pushgateway': 'usr/share/prometheus/pushgateway',
    },
    owned: ['pushgateway'],
    links: {},
    config: {
      Entrypoint: ['/bin/pushgateway'],
      Cmd: [],
      User: '65534',
      WorkingDir: '/pushgateway',
      ExposedPorts: { '9091/tcp': {} },
    },
  },
  {
    name: 'victoriametrics/victoria-metrics',
    versionOf: 'victoria-metrics',
    packages: { trixie: ['victoria-metrics', 'libzstd1'] },
    files: { 'usr/bin/victoria-metrics': 'victoria-metrics-prod' },
    owned: [],
    links: {},
    config: {
      Entrypoint: ['/victoria-metrics-prod'],
      Cmd: [],
      User: '',
      WorkingDir: '/',
      ExposedPorts: { '8428/tcp': {} },
    },
  },
  {
    name: 'prom/node-exporter',
    versionOf: 'prometheus-node-exporter',
    packages: { bookworm: ['prometheus-node-exporter'], trixie: ['prometheus-node-exporter'] },
    files: { 'usr/bin/prometheus-node-exporter': 'bin/node_exporter' },
    owned: [],
    links: {},
    config: {
      Entrypoint: ['/bin/node_exporter'],
      Cmd: [],
      User: 'nobody',
      WorkingDir: '/',
      ExposedPorts: { '9100/tcp': {} },
    },
  },
];

/** The image tag for a Debian package version: "2.53.3+ds1-2" gives "v2.53.3". */
export function tagOf(debianVersion: string): string {
  return `v${debianVersion.replace(/^\d+:/, '').replace(/[-+~].*$/, '')}`;
}
