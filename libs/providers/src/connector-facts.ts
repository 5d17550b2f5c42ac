/** What a connector says of its provider. */
export interface ConnectorFacts {
  /** Catalogue id. */
  readonly provider: string;
  readonly issuer: string | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly endpoints: {
    readonly authorization?: string | undefined;
    readonly token?: string | undefined;
    readonly userinfo?: string | undefined;
    readonly revocation?: string | undefined;
  };
}
