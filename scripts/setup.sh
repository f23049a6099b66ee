#!/bin/sh
# Installs the project's packages when they are missing or the lockfile is newer. Safe to run at any time.
set -eu
cd "$(dirname "$0")/.."
stamp=node_modules/.hadeploy-setup
if [ ! -f "$stamp" ] || ! cmp -s package-lock.json "$stamp"; then
  npm ci --no-progress --loglevel=error
  cp package-lock.json "$stamp"
fi
