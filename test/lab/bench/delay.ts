import { connect, createServer, type Server, type Socket } from 'node:net';

/** What has gone through a delaying proxy since it was last asked. */
export interface Traffic {
  readonly connections: number;
  /** Most turns of one connection: each time the client speaks after it has heard something, and once for connecting. */
  readonly turns: number;
  readonly bytes: number;
}

/** A proxy in front of other servers, one port for each. */
export interface Delay {
  /** Port here for each server, in their order. */
  readonly ports: readonly number[];
  /** The traffic so far; counting begins anew. */
  traffic(): Traffic;
  close(): void;
}

/** Listens on `host` for each server and passes on what comes, each way after half the round trip, connecting after a whole one. */
export async function delayTo(
  servers: readonly { readonly address: string; readonly port: number }[],
  host: string,
  roundTripMs: number,
): Promise<Delay> {
  let counts: { turns: number; bytes: number }[] = [];
  const open = new Set<Socket>();
  const listening = await Promise.all(
    servers.map((server) =>
      listen(host, (client) => {
        const count = { turns: 1, bytes: 0 };
        counts.push(count);
        let heard = true;
        open.add(client.setNoDelay(true));
        client.on('close', () => open.delete(client)).on('error', () => {});
        client.pause();
        setTimeout(() => {
          const upstream = connect({ host: server.address, port: server.port, noDelay: true });
          upstream.on('error', () => client.destroy());
          client.on('data', (chunk: Buffer) => {
            if (heard) count.turns += 1;
            heard = false;
            count.bytes += chunk.length;
          });
          pass(client, upstream, roundTripMs / 2, () => {});
          pass(upstream, client, roundTripMs / 2, (chunk) => {
            heard = true;
            count.bytes += chunk.length;
          });
          client.resume();
        }, roundTripMs);
      }),
    ),
  );
  return {
    ports: listening.map((server) => (server.address() as { port: number }).port),
    traffic() {
      const seen = counts;
      counts = [];
      return {
        connections: seen.length,
        turns: Math.max(0, ...seen.map((one) => one.turns)),
        bytes: seen.reduce((sum, one) => sum + one.bytes, 0),
      };
    },
    close() {
      for (const server of listening) server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** Passes on data and the end, so much later; `arrived` is told when it comes out. */
function pass(from: Socket, to: Socket, ms: number, arrived: (chunk: Buffer) => void): void {
  from.on('data', (chunk: Buffer) => {
    setTimeout(() => {
      arrived(chunk);
      if (!to.destroyed) to.write(chunk);
    }, ms);
  });
  from.on('end', () => setTimeout(() => to.end(), ms));
  from.on('close', () => setTimeout(() => to.destroy(), ms + 50));
}

function listen(host: string, take: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, take);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => resolve(server));
  });
}
