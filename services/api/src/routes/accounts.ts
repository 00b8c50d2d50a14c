import {
  AccountChange,
  AccountPage,
  AccountQuery,
  AccountRights,
  AccountSummary,
  NewAccount,
  OneTimePassword,
  timestamp,
  UuidParams,
} from '@beacontower/contracts';
import {
  changeAccount,
  createAccount,
  listAccounts,
  resetSecondFactor,
  setRights,
  tokenNamed,
  unlockAccount,
  viewAccount,
} from '@beacontower/database';
import { byOf, checkGiven, checkName, keepLast, onAccount, refuseHeldBack, refuseSelf, resetPassword } from '../accounts/administer.ts';
import { recorded } from '../accounts/record.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { creationId } from '../http/idempotency.ts';
import { ApiProblem, badField, notFound } from '../http/problem.ts';
import { expectedRevision, setRevision } from '../http/revision.ts';
import { describe, NoContent } from '../openapi.ts';

/** Accounts of people. System administrators make them, security administrators give them rights: neither can do both. */
export function registerAccounts(app: App, context: RouteContext): void {
  registerReading(app, context);
  registerMaking(app, context);
  registerPassword(app, context);
  registerSecurity(app, context);
}

function registerReading(app: App, { database, clock }: RouteContext): void {
  const config = { access: 'accounts' as const };
  app.get(
    '/api/v1/accounts',
    {
      config,
      schema: { ...describe('accounts', 'List accounts', 'accounts'), querystring: AccountQuery, response: { 200: AccountPage } },
    },
    async (request) => listAccounts(database, request.query, principalOf(request).divisions, clock.now()),
  );
  app.get(
    '/api/v1/accounts/:id',
    { config, schema: { ...describe('accounts', 'One account', 'accounts'), params: UuidParams, response: { 200: AccountSummary } } },
    async (request, reply) => {
      const found = await viewAccount(database, request.params.id, principalOf(request).divisions, clock.now());
      if (!found) throw notFound('account');
      setRevision(reply, found.revision);
      return found;
    },
  );
}

function registerMaking(app: App, context: RouteContext): void {
  const config = { access: 'administer' as const, auditsItself: true };
  const { database, clock } = context;
  app.post(
    '/api/v1/accounts',
    {
      config,
      schema: {
        ...describe('accounts', 'Make an account', 'administer', 'It may do nothing until a security administrator gives it rights.'),
        body: NewAccount,
        response: { 201: AccountSummary },
      },
    },
    async (request, reply) => {
      const { body } = request;
      checkName(body.name);
      if (await tokenNamed(database, body.name)) {
        throw new ApiProblem(409, 'name-taken', 'a token has this name, and what it does would read as done by this person');
      }
      const id = creationId(request);
      const made = await recorded(database, request, (tx) => createAccount(tx, { ...body, id }, byOf(context, request)));
      if (made === 'taken') throw new ApiProblem(409, 'name-taken', 'somebody has this name already, perhaps in other divisions');
      const found = await viewAccount(database, id, [''], clock.now());
      if (!found) throw notFound('account');
      setRevision(reply, found.revision);
      return reply.code(201).header('location', `/api/v1/accounts/${id}`).send(found);
    },
  );
  app.put(
    '/api/v1/accounts/:id',
    {
      config,
      schema: {
        ...describe('accounts', 'Change an account: its names, whether it may sign in', 'administer'),
        params: UuidParams,
        body: AccountChange,
        response: { 200: AccountSummary },
      },
    },
    async (request, reply) => {
      const { body, params } = request;
      const act: Parameters<typeof onAccount>[3] = async (tx, account) => {
        if (body.disabled) refuseSelf(request, account, 'disabling an account');
        if (body.disabled) await keepLast(tx, account, []);
        await changeAccount(tx, account, body, byOf(context, request));
      };
      const changed = await onAccount(context, request, params.id, act, expectedRevision(request));
      setRevision(reply, changed.revision);
      return changed;
    },
  );
}

function registerPassword(app: App, context: RouteContext): void {
  app.post(
    '/api/v1/accounts/:id/password',
    {
      config: { access: 'administer', auditsItself: true, secretAnswer: true },
      schema: {
        ...describe('accounts', 'Set a one-time password', 'administer', 'Shown in this answer only; changed at the first sign-in.'),
        params: UuidParams,
        response: { 201: OneTimePassword },
      },
    },
    async (request, reply) => {
      const { account, password, until } = await resetPassword(context, request, request.params.id);
      return reply.code(201).send({ account, password, until: timestamp(until) });
    },
  );
}

function registerSecurity(app: App, context: RouteContext): void {
  const config = { access: 'secure' as const, auditsItself: true };
  app.put(
    '/api/v1/accounts/:id/rights',
    {
      config,
      schema: {
        ...describe(
          'accounts',
          'Give an account rights',
          'secure',
          'Its sessions end. Nobody changes their own rights. 409 `one-time-password-held`: `security-administrator` and `audit-administrator` wait until a one-time password was changed.',
        ),
        params: UuidParams,
        body: AccountRights,
        response: { 200: AccountSummary },
      },
    },
    async (request, reply) => {
      const { body, params } = request;
      if (new Set(body.roles).size < body.roles.length) throw badField('body', 'roles', 'holds a role twice', 'each role once');
      checkGiven(request, body);
      const act: Parameters<typeof onAccount>[3] = async (tx, account) => {
        refuseSelf(request, account, 'changing rights');
        refuseHeldBack(account, body.roles);
        await keepLast(tx, account, body.roles);
        await setRights(tx, account, body, byOf(context, request));
      };
      const changed = await onAccount(context, request, params.id, act, expectedRevision(request));
      setRevision(reply, changed.revision);
      return changed;
    },
  );
  app.post(
    '/api/v1/accounts/:id/unlock',
    { config, schema: { ...describe('accounts', 'Unlock an account', 'secure'), params: UuidParams, response: { 200: AccountSummary } } },
    async (request) => onAccount(context, request, request.params.id, (tx, account) => unlockAccount(tx, account, byOf(context, request))),
  );
  app.post(
    '/api/v1/accounts/:id/second-factor/reset',
    {
      config,
      schema: { ...describe('accounts', 'Take a lost second factor away', 'secure'), params: UuidParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      await onAccount(context, request, request.params.id, async (tx, account) => {
        refuseSelf(request, account, 'taking a second factor away');
        await resetSecondFactor(tx, account, byOf(context, request));
      });
      return reply.code(204).send();
    },
  );
}
