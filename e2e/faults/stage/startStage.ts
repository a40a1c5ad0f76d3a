import type { NatsConnection } from '@nats-io/transport-node';
import { connect } from '@nats-io/transport-node';
import { type ServiceName, serviceNames } from '#dev/services.ts';
import { createScope, type Scope } from '#platform/service/scope.ts';
import { startTestSystem, type TestSystem } from '../../testSystem.ts';
import type { Scenario } from './defineScenario.ts';
import { type MailServer, startMailServer } from './mailServer.ts';
import type { Random } from './random.ts';
import type { Report } from './report.ts';

/** Where scenarios play: the running system, or its servers alone, with a connection of our own to look into the streams. */
export type Ground = {
  system: TestSystem;
  nats: NatsConnection;
  mail: MailServer;
  /** What runs besides the servers. */
  services: readonly ServiceName[];
  /** Ends everything and removes the data. */
  close(): Promise<void>;
};

/** What a scenario gets. */
export type Stage = Omit<Ground, 'close'> &
  Report & {
    random: Random;
    /** Closes when the scenario has ended. */
    scope: Scope;
  };

/** Starts the ground for a kind of scenario. */
export async function startGround(needs: Scenario['needs']): Promise<Ground> {
  const scope = createScope();
  try {
    const mail = await startMailServer(scope);
    const notifications = { SMTP_URL: mail.url, EMAIL_SWEEP_SECONDS: '1' };
    // Whoever signs in at the beginning of a scenario is signed in at its end.
    const users = { ACCESS_TOKEN_SECONDS: '86400' };
    const gateway = { TOKEN_SECONDS: '86400' };
    const services = needs === 'system' ? serviceNames : [];
    const system = await startTestSystem({ env: { notifications, users, gateway }, services });
    scope.defer('system', () => system.remove());
    const nats = await connect({
      servers: system.urls.nats,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
      ignoreClusterUpdates: true,
    });
    scope.defer('nats', () => nats.close());
    return { system, services, nats, mail, close: () => scope.close() };
  } catch (error) {
    await scope.close();
    throw error;
  }
}
