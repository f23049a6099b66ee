import { isMapping, type Path } from '../../inventory/setting.ts';

/** Settings of receivers and of `global` whose value is a secret wherever they stand. */
const SECRET_KEYS = new Set([
  'alert_source_token',
  'api_key',
  'api_secret',
  'app_token',
  'auth_password',
  'auth_secret',
  'bearer_token',
  'bot_token',
  'client_secret',
  'credentials',
  'mattermost_webhook_url',
  'opsgenie_api_key',
  'password',
  'rocketchat_token',
  'rocketchat_token_id',
  'secret_key',
  'service_key',
  'slack_api_url',
  'slack_app_token',
  'smtp_auth_password',
  'smtp_auth_secret',
  'telegram_bot_token',
  'token',
  'token_id',
  'user_key',
  'victorops_api_key',
  'webhook_url',
  'wechat_api_secret',
]);

/** Settings that are a secret only within some kind of receiver or section. */
const SECRET_WITHIN: Readonly<Record<string, string>> = {
  api_url: 'slack_configs',
  key: 'tls_config',
  routing_key: 'pagerduty_configs',
  secrets: 'http_headers',
};

/** Mappings of the user's own words: their keys are no settings. */
const FREE = new Set(['custom_fields', 'details', 'fields', 'headers', 'labels']);

/** Paths of the secrets that a configuration of Alertmanager holds in clear; no value ever leaves this function. */
export function secretsIn(config: Readonly<Record<string, unknown>>): readonly Path[] {
  return ['global', 'receivers'].flatMap((key) => secretsBelow([key], config[key]));
}

function secretsBelow(path: Path, value: unknown): readonly Path[] {
  if (typeof value === 'string' || typeof value === 'number') return isSecret(path, String(value)) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((one, index) => secretsBelow([...path, index], one));
  if (!isMapping(value)) return [];
  return Object.entries(value)
    .filter(([key]) => !FREE.has(key))
    .flatMap(([key, one]) => secretsBelow([...path, key], one));
}

function isSecret(path: Path, value: string): boolean {
  if (value === '') return false;
  if (hasLogin(value)) return true;
  const keys = path.filter((part) => typeof part === 'string');
  const key = keys.at(-1) ?? '';
  // The address of Slack's interface for bots is public; what makes it a secret is the path of an incoming webhook.
  if (key === 'api_url' || key === 'slack_api_url')
    return isWithin(keys, key) && !value.endsWith('slack.com/api/chat.postMessage');
  if (key === 'url' && keys.includes('webhook_configs')) return tellsToken(value);
  return isWithin(keys, key);
}

function isWithin(keys: readonly string[], key: string): boolean {
  const section = SECRET_WITHIN[key];
  return SECRET_KEYS.has(key) || (section !== undefined && keys.includes(section));
}

/** Whether a URL names a user with a password: https://user:password@host/. */
export function hasLogin(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*:[^/?#\s]*@/i.test(url);
}

const TOKEN_NAMES = /[?&](?:[a-z_-]*(?:token|key|secret|passw(?:or)?d|pwd|sig(?:nature)?|auth|code))=[^&\s]/i;

/** Whether a URL has a parameter whose name says that it is a secret. */
export function hasToken(url: string): boolean {
  return TOKEN_NAMES.test(url);
}

/** Whether a URL seems to carry a token: as a parameter that says so, or as a part of its path that no one would choose. */
function tellsToken(url: string): boolean {
  if (hasToken(url)) return true;
  const path = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? '';
  return path
    .split('/')
    .some((part) => part.length >= 16 && /^[\w-]+$/.test(part) && /[0-9]/.test(part) && /[A-Za-z]/.test(part));
}
