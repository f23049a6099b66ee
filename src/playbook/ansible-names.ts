import type { Foreign } from './ansible-words.ts';

const asFact = (fact: string): Foreign => ({
  why: 'Facts stand in `facts`, under short names.',
  mend: `Write facts.${fact}.`,
});

const exact = 'A plan depends on the project and the hosts alone, so that it is the same wherever it is made.';

/** Names of Ansible's templates that hadeploy has not, or has elsewhere. */
export const ansibleNames: Readonly<Record<string, Foreign>> = {
  ansible_facts: { why: 'Facts stand in `facts`.', mend: 'Write facts.NAME (see `hadeploy explain facts`).' },
  ansible_distribution: asFact('os_id'),
  ansible_os_family: asFact('os_id'),
  ansible_distribution_version: asFact('os_version'),
  ansible_distribution_major_version: asFact('os_version'),
  ansible_distribution_release: asFact('os_codename'),
  ansible_lsb: asFact('os_codename'),
  ansible_hostname: asFact('hostname'),
  ansible_nodename: asFact('hostname'),
  ansible_fqdn: asFact('hostname'),
  ansible_architecture: asFact('arch'),
  ansible_kernel: asFact('kernel'),
  ansible_processor_vcpus: asFact('cpus'),
  ansible_processor_count: asFact('cpus'),
  ansible_memtotal_mb: asFact('memory_mb'),
  ansible_service_mgr: asFact('service_manager'),
  ansible_pkg_mgr: asFact('package_manager'),
  ansible_user_id: asFact('user'),
  ansible_default_ipv4: asFact('default_address'),
  ansible_all_ipv4_addresses: asFact('addresses'),
  ansible_all_ipv6_addresses: asFact('addresses'),
  ansible_date_time: {
    why: `${exact} The time of day would make every plan another.`,
    mend: 'Pass a value with `-e`.',
  },
  ansible_check_mode: {
    why: 'A dry run is the same run, stopped before anything is done.',
    mend: 'Take the condition out.',
  },
  ansible_managed: { why: 'No text is put into files unasked.', mend: 'Write the comment you want into the template.' },
  ansible_version: { why: 'This is hadeploy.', mend: 'Take the condition out.' },
  lookup: {
    why: `There is no \`lookup\`. ${exact}`,
    mend: "Keep files in the project (`source:`, `fileglob('…')`), and pass what the environment holds with `-e NAME=VALUE`.",
  },
  query: {
    why: `There is no \`query\`. ${exact}`,
    mend: "Keep files in the project (`source:`, `fileglob('…')`), and pass what the environment holds with `-e NAME=VALUE`.",
  },
  inventory_file: { why: 'The inventory may be several files.', mend: 'Use inventory_dir.' },
  play_hosts: { why: 'The hosts of a play have another name.', mend: 'Write ansible_play_hosts.' },
  ansible_play_batch: {
    why: 'What is rendered may not depend on which hosts change together.',
    mend: 'Write ansible_play_hosts for all hosts of the play.',
  },
  role_path: { why: 'Files are found in the folders of the role by themselves.', mend: 'Name them without a folder.' },
  playbook_path: { why: 'Files are found beside the playbook by themselves.', mend: 'Use playbook_dir.' },
};
