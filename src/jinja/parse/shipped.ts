/** Trees of templates and expressions. The build puts a module with those of the shipped playbooks in place of this one. */
export const shipped: Readonly<Record<string, string>> = {};
