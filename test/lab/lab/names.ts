/** The name of a host's machine and network namespace. The dots keep lab "t" apart from lab "t-bare". */
export const machineName = (lab: string, host: string): string => `${host}.${lab}.hadeploy`;

/** The network namespace that holds a lab's bridge. */
export const switchName = (lab: string): string => machineName(lab, 'switch');

/** The machine's own link into a lab's bridge. */
export const uplinkName = (subnet: number): string => `hlab${subnet}`;
