/** The folder of the package itself: two levels above both src/cli and dist/hadeploy. */
export const packageRoot = new URL('../../', import.meta.url);
