/** Whether `--tags` and `--skip-tags` choose a task of these tags; `always`, `never`, `all`, `tagged`, `untagged` as in Ansible. */
export function isChosen(tags: readonly string[], only: readonly string[], skip: readonly string[]): boolean {
  const matches = (wanted: string): boolean => {
    if (wanted === 'all') return true;
    if (wanted === 'tagged') return tags.some((tag) => tag !== 'never' && tag !== 'always');
    if (wanted === 'untagged') return tags.length === 0;
    return tags.includes(wanted);
  };
  if (skip.some((wanted) => (wanted === 'all' ? !tags.includes('always') : matches(wanted)))) return false;
  if (tags.includes('never')) return only.some((wanted) => wanted !== 'all' && wanted !== 'tagged' && matches(wanted));
  return only.length === 0 || tags.includes('always') || only.some(matches);
}
