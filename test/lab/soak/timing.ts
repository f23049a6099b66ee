/** How often scrapers scrape, federators federate and rules are evaluated in the lab's estate, in milliseconds. */
export const SCRAPE_EVERY = 5000;
/** Between pushes of the fast pusher, which sees every loss, and of the slow one, which sees what a restart forgets. */
export const PUSH_EVERY = 200;
export const SLOW_PUSH_EVERY = 30_000;
/** How long a push waits for its answer; clients of Prometheus wait longer by default. */
export const PUSH_TIMEOUT = 5000;
/** Between looks at whether each member is ready, and how long one waits. */
export const LOOK_EVERY = 500;
export const LOOK_TIMEOUT = 5000;
/** Between readings of the canary. */
export const READ_EVERY = 5000;
/** Between new alerts, and how long each fires. */
export const RAISE_EVERY = 30_000;
export const RAISE_FOR = 45_000;
/** How long Alertmanager waits before the first notification of a group, and between two of them. */
export const GROUP_WAIT = 1000;
export const GROUP_INTERVAL = 32_000;
/** From an alert's cause to its notification when all is well: scraped, federated, evaluated, waited for its group. */
export const PIPELINE = 3 * SCRAPE_EVERY + GROUP_WAIT;
