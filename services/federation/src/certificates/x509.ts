/** Certificates of the federation (RFC 5280, PKCS #10): made and read here, and nowhere else. Keys are EC P-256. */
import 'reflect-metadata';
import { createHash, createPrivateKey, createPublicKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate as ParsedCertificate,
  PemConverter,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

cryptoProvider.set(webcrypto as never);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
/** Clocks of two nodes differ a little: a certificate is good from so long before it was made. */
const BACKDATED_MS = 300_000;

/** A key of its own: PKCS #8, PEM. */
export interface KeyPair {
  readonly privateKey: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** Whose a certificate is: written into it as URIs. */
export interface NodeName {
  readonly node: string;
  readonly division: string;
}

export interface Lifetime {
  readonly notBefore: number;
  readonly notAfter: number;
}

export async function makeKeys(): Promise<KeyPair> {
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const bytes = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { privateKey: PemConverter.encode(bytes, 'PRIVATE KEY'), keys };
}

/** A key that was kept, PKCS #8, PEM. Its public half is computed from it. */
export async function keysOf(privateKey: string): Promise<KeyPair> {
  const usable = createPrivateKey(privateKey);
  const spki = createPublicKey(usable).export({ type: 'spki', format: 'der' });
  const pkcs8 = usable.export({ type: 'pkcs8', format: 'der' });
  const [secret, open] = await Promise.all([
    webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, true, ['sign']),
    webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']),
  ]);
  return { privateKey, keys: { privateKey: secret, publicKey: open } };
}

/** The certificate of an authority, signed by itself, PEM. */
export async function makeAuthority(name: string, { keys }: KeyPair, life: Lifetime): Promise<string> {
  const made = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: [name] }],
    ...span(life),
    signingAlgorithm: ALGORITHM,
    keys: keys as never,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey as never),
    ],
  });
  return made.toString('pem');
}

/** An authority that can sign: its certificate, and its private key, both PEM. */
export interface Authority {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface IssuedCertificate extends Lifetime {
  readonly certificate: string;
  /** Lower-case hexadecimal, as TLS connections show it. */
  readonly serial: string;
  /** SHA-256 of the certificate (DER), lower-case hexadecimal. */
  readonly fingerprint: string;
}

/** A certificate for a node's own key, by which it shows who it is. */
export function issueToNode(authority: Authority, request: CheckedRequest, name: NodeName, life: Lifetime): Promise<IssuedCertificate> {
  const names = new SubjectAlternativeNameExtension(
    [
      { type: 'url', value: nodeUri(name.node) },
      { type: 'url', value: divisionUri(name.division) },
    ],
    false,
  );
  return issue(authority, { name: name.node, publicKey: request.publicKey, names, usage: CLIENT_AUTH, life });
}

/** A certificate for the listener that nodes below speak to. `names`: host names and addresses by which they reach it. */
export function issueToServer(
  authority: Authority,
  { keys }: KeyPair,
  node: string,
  names: readonly string[],
  life: Lifetime,
): Promise<IssuedCertificate> {
  const hosts = names.map((value) => ({ type: isAddress(value) ? ('ip' as const) : ('dns' as const), value }));
  const all = new SubjectAlternativeNameExtension([...hosts, { type: 'url' as const, value: nodeUri(node) }], false);
  return issue(authority, { name: node, publicKey: keys.publicKey, names: all, usage: SERVER_AUTH, life });
}

interface Order {
  readonly name: string;
  readonly publicKey: webcrypto.CryptoKey;
  readonly names: SubjectAlternativeNameExtension;
  readonly usage: string;
  readonly life: Lifetime;
}

async function issue(authority: Authority, { name, publicKey, names, usage, life }: Order): Promise<IssuedCertificate> {
  const issuer = new ParsedCertificate(authority.certificate);
  const key = await webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(authority.privateKey), ALGORITHM, false, ['sign']);
  const made = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [name] }],
    issuer: issuer.subjectName,
    ...span(life),
    signingAlgorithm: ALGORITHM,
    publicKey: publicKey as never,
    signingKey: key as never,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([usage]),
      names,
      await SubjectKeyIdentifierExtension.create(publicKey as never),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  const certificate = made.toString('pem');
  const { serialNumber, validFrom, validTo } = new X509Certificate(certificate);
  return {
    certificate,
    serial: serialNumber.toLowerCase(),
    fingerprint: fingerprintOf(certificate),
    notBefore: Date.parse(validFrom),
    notAfter: Date.parse(validTo),
  };
}

/** A request for a certificate, PKCS #10, PEM. */
export async function makeRequest(node: string, { keys }: KeyPair): Promise<string> {
  const made = await Pkcs10CertificateRequestGenerator.create({ name: [{ CN: [node] }], keys: keys as never, signingAlgorithm: ALGORITHM });
  return made.toString('pem');
}

/** SHA-256 of the public key of a request of one's own. */
export function requestFingerprintOf(pem: string): string {
  return fingerprintOfKey(new Pkcs10CertificateRequest(pem));
}

/** A request whose signature holds, with a key that is strong enough. */
export interface CheckedRequest {
  readonly publicKey: webcrypto.CryptoKey;
  /** SHA-256 of the public key (SPKI, DER), lower-case hexadecimal. */
  readonly keyFingerprint: string;
}

const LEAST_RSA_BITS = 2_048;

/** Null when it is none, its signature does not hold, or its key is too weak. */
export async function checkRequest(pem: string): Promise<CheckedRequest | null> {
  try {
    const request = new Pkcs10CertificateRequest(pem);
    if (!(await request.verify())) return null;
    const publicKey = (await request.publicKey.export()) as unknown as webcrypto.CryptoKey;
    const { modulusLength = LEAST_RSA_BITS } = publicKey.algorithm as { modulusLength?: number };
    if (modulusLength < LEAST_RSA_BITS) return null;
    return { publicKey, keyFingerprint: fingerprintOfKey(request) };
  } catch {
    return null;
  }
}

function fingerprintOfKey({ publicKey }: Pkcs10CertificateRequest): string {
  return createHash('sha256').update(Buffer.from(publicKey.rawData)).digest('hex');
}

export function fingerprintOf(pem: string): string {
  return createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');
}

/** SHA-256 of the public key (SPKI, DER) of a certificate: the same as that of the request which it was issued to. */
export function keyFingerprintOf(pem: string): string {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('hex');
}

/** Whose a certificate says it is; null where it does not say. */
export function nameOf(subjectAltName: string | undefined): NodeName | null {
  const uris = (subjectAltName ?? '').split(', ').flatMap((name) => (name.startsWith('URI:') ? [name.slice(4)] : []));
  const node = partOf(uris, nodeUri(''));
  const division = partOf(uris, divisionUri(''));
  return node === null || division === null ? null : { node, division };
}

function partOf(uris: readonly string[], prefix: string): string | null {
  return uris.find((uri) => uri.startsWith(prefix))?.slice(prefix.length) ?? null;
}

const nodeUri = (node: string): string => `urn:beacontower:node:${node}`;
const divisionUri = (division: string): string => `urn:beacontower:division:${division}`;
const isAddress = (name: string): boolean => /^[\d.]+$/.test(name) || name.includes(':');
const span = ({ notBefore, notAfter }: Lifetime) => ({ notBefore: new Date(notBefore - BACKDATED_MS), notAfter: new Date(notAfter) });

/** 127 random bits: positive, and never the same twice. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
