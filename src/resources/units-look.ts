import { looking, type Script, sh } from '../posix/script.ts';

/** What `systemctl show` is asked for. */
export const PROPERTIES = ['LoadState', 'ActiveState', 'UnitFileState', 'CanReload', 'NeedDaemonReload'].flatMap(
  (name) => ['-p', name],
);

/**
 * One look at units of systemd. Leaves `showUnit` behind, which prints what is known of one of them and fails for one
 * that goes by another name, or where there is no systemd.
 */
export function unitsNamed(names: readonly string[]): Script {
  const ask = (about: readonly string[]) => sh`units=$(systemctl show -p Id ${PROPERTIES} -- ${about} 2>/dev/null)
showUnit() {
  rest=$units
  while [ -n "$rest" ]; do
    one=\${rest%%"

"*}
    case "
$one
" in *"
Id=$1
"*) printf '%s\n' "$one"; return ;; esac
    [ "$one" != "$rest" ] || return 1
    rest=\${rest#*"

"}
  done
  return 1
}`;
  return looking({ name: 'units', about: names, ask });
}
