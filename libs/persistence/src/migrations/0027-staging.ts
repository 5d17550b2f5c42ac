/** Bringing lines in, starting and giving up. They run with the rights of the admin app. */
export const STAGING = `
-- Whether a line can be judged now: its provider can be asked whose its set is, or there is no hope that it ever can.
CREATE FUNCTION linkbroker.is_ready_to_prove(p_set linkbroker.upstream_token_sets, p_now timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT NOT p_set.staged OR p_set.state IN ('dead', 'revoked') OR p_set.active_due_at IS NULL
    OR p_set.access_expires_at IS NULL OR p_set.access_expires_at > p_now + interval '30 seconds'
$$;

-- Stages lines of an import that is not given up; what became of each. Tokens that are known already are left as they are,
-- lines that had been refused are tried anew, and lines that bring one upstream token share its set: it may be good for a
-- single use. Its plans are made while the tables may be empty: they are told to go by index.
CREATE FUNCTION linkbroker.stage_imported_links(p_tenant uuid, p_import uuid, p_lines jsonb, p_now timestamptz)
RETURNS TABLE (line integer, outcome text) LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE v_import linkbroker.imports; v_line record; v_set linkbroker.upstream_token_sets; v_new bytea[]; v_owners uuid[];
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  SELECT i.* INTO v_import FROM linkbroker.imports AS i
    WHERE i.id = p_import AND i.tenant_id = p_tenant AND i.cancelled_at IS NULL FOR SHARE;
  IF NOT FOUND THEN RETURN; END IF;
  -- Two who bring the same file do it one after the other.
  PERFORM pg_advisory_xact_lock(hashtextextended(v_import.skill_id::text, 3));
  FOR v_line IN SELECT * FROM jsonb_to_recordset(p_lines) AS l(
      id uuid, "setId" uuid, line integer, subject text, fingerprint text, scopes text[], "linkedAt" timestamptz,
      refresh text[], access jsonb, "setScopes" text[], "hasRefreshToken" boolean, "accessExpiresAt" timestamptz,
      "activeDueAt" timestamptz, "dueAt" timestamptz, sealed text) LOOP
    line := v_line.line;
    SELECT array_agg(decode(t, 'hex')) INTO v_new FROM unnest(v_line.refresh) AS t;
    SELECT array_agg(DISTINCT f.imported_link_id) INTO v_owners FROM linkbroker.foreign_tokens AS f
      WHERE f.skill_id = v_import.skill_id AND f.kind = 'refresh' AND f.token_hash = ANY (v_new);
    -- Of most lines nothing is known yet; what is, is looked at one table after the other, each by its key.
    IF v_owners IS NOT NULL THEN
      IF EXISTS (SELECT 1 FROM linkbroker.imported_links AS o WHERE o.id = ANY (v_owners) AND o.state <> 'refused'
                   AND (o.subject <> v_line.subject OR o.connector_id <> v_import.connector_id)) THEN
        outcome := 'another-subject'; RETURN NEXT; CONTINUE;
      END IF;
      DELETE FROM linkbroker.imported_links AS o WHERE o.id = ANY (v_owners) AND o.tenant_id = p_tenant AND o.state = 'refused';
      SELECT array_agg(t) INTO v_new FROM unnest(v_new) AS t WHERE NOT EXISTS (SELECT 1 FROM linkbroker.foreign_tokens AS f
        WHERE f.skill_id = v_import.skill_id AND f.kind = 'refresh' AND f.token_hash = t);
      IF v_new IS NULL THEN outcome := 'known'; RETURN NEXT; CONTINUE; END IF;
    END IF;
    SELECT u.* INTO v_set FROM linkbroker.upstream_token_sets AS u WHERE u.tenant_id = p_tenant AND u.id = (
      SELECT o.token_set_id FROM linkbroker.imported_links AS o
      WHERE o.connector_id = v_import.connector_id AND o.fingerprint = decode(v_line.fingerprint, 'hex')
        AND o.tenant_id = p_tenant AND o.state <> 'refused' LIMIT 1) FOR SHARE;
    IF NOT FOUND THEN
      -- Stored at no time: a success of the provider is what its renewal brings.
      INSERT INTO linkbroker.upstream_token_sets AS u (id, tenant_id, connector_id, subject, scopes, has_refresh_token,
          access_expires_at, version, fence, sealed, updated_at, active_due_at, refresh_due_at, staged)
        VALUES (v_line."setId", p_tenant, v_import.connector_id, 'import:' || v_line.fingerprint, v_line."setScopes",
          v_line."hasRefreshToken", v_line."accessExpiresAt", 1, 1, decode(v_line.sealed, 'base64'), 'epoch',
          v_line."activeDueAt", CASE WHEN v_import.started_at IS NOT NULL THEN v_line."dueAt" END, true)
        RETURNING u.* INTO v_set;
    END IF;
    INSERT INTO linkbroker.imported_links (id, tenant_id, import_id, skill_id, connector_id, line, subject, fingerprint, scopes,
        linked_at, token_set_id, next_try_at)
      VALUES (v_line.id, p_tenant, p_import, v_import.skill_id, v_import.connector_id, v_line.line, v_line.subject,
        decode(v_line.fingerprint, 'hex'), v_line.scopes, v_line."linkedAt", v_set.id,
        CASE WHEN v_import.started_at IS NOT NULL AND linkbroker.is_ready_to_prove(v_set, p_now) THEN p_now END);
    INSERT INTO linkbroker.foreign_tokens (skill_id, kind, token_hash, tenant_id, imported_link_id, place, expires_at)
      SELECT v_import.skill_id, 'refresh', t.token, p_tenant, v_line.id, t.place, v_import.keep_until
      FROM unnest(v_new) WITH ORDINALITY AS t(token, place);
    INSERT INTO linkbroker.foreign_tokens (skill_id, kind, token_hash, tenant_id, imported_link_id, place, expires_at)
      SELECT v_import.skill_id, 'access', decode(t.sha256, 'hex'), p_tenant, v_line.id, 0, t."expiresAt"
      FROM jsonb_to_recordset(v_line.access) AS t(sha256 text, "expiresAt" timestamptz)
      ON CONFLICT DO NOTHING;
    outcome := 'staged'; RETURN NEXT;
  END LOOP;
END $$;

-- From now on its sets are renewed and its lines proved. False where there is nothing to start.
CREATE FUNCTION linkbroker.start_import(p_tenant uuid, p_import uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.imports AS i SET started_at = p_now
  WHERE i.id = p_import AND i.tenant_id = p_tenant AND i.started_at IS NULL AND i.cancelled_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE linkbroker.upstream_token_sets AS u
  SET refresh_due_at = CASE WHEN linkbroker.is_ready_to_prove(u, p_now) THEN u.active_due_at ELSE p_now END
  WHERE u.tenant_id = p_tenant AND u.staged AND u.refresh_due_at IS NULL AND u.active_due_at IS NOT NULL
    AND u.id IN (SELECT l.token_set_id FROM linkbroker.imported_links AS l
                 WHERE l.import_id = p_import AND l.tenant_id = p_tenant AND l.state = 'pending');
  UPDATE linkbroker.imported_links AS l SET next_try_at = p_now
  FROM linkbroker.upstream_token_sets AS u
  WHERE l.import_id = p_import AND l.tenant_id = p_tenant AND l.state = 'pending' AND u.id = l.token_set_id
    AND u.tenant_id = p_tenant AND linkbroker.is_ready_to_prove(u, p_now);
  RETURN true;
END $$;

-- Gives up what has not been proved; how many lines. What was adopted stays. Null where there is no such import.
CREATE FUNCTION linkbroker.cancel_import(p_tenant uuid, p_import uuid, p_now timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE v_sets uuid[]; v_set uuid; v_count integer;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.imports AS i SET cancelled_at = coalesce(i.cancelled_at, p_now) WHERE i.id = p_import AND i.tenant_id = p_tenant;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM 1 FROM linkbroker.upstream_token_sets AS u WHERE u.tenant_id = p_tenant AND u.staged AND u.id IN (
    SELECT l.token_set_id FROM linkbroker.imported_links AS l
    WHERE l.import_id = p_import AND l.tenant_id = p_tenant AND l.state = 'pending') ORDER BY u.id FOR UPDATE;
  WITH gone AS (
    DELETE FROM linkbroker.imported_links AS l WHERE l.import_id = p_import AND l.tenant_id = p_tenant AND l.state = 'pending'
    RETURNING l.token_set_id)
  SELECT array_agg(DISTINCT g.token_set_id), count(*) INTO v_sets, v_count FROM gone AS g;
  FOREACH v_set IN ARRAY coalesce(v_sets, '{}') LOOP
    PERFORM linkbroker.drop_staged_set(p_tenant, v_set);
  END LOOP;
  RETURN v_count;
END $$;

-- Forgets the tokens of a staged set that no line needs. They are not revoked at the provider: another sign-in of the
-- household's may live by the same consent.
CREATE FUNCTION linkbroker.drop_staged_set(p_tenant uuid, p_set uuid)
RETURNS void LANGUAGE sql AS $$
  DELETE FROM linkbroker.upstream_token_sets AS u WHERE u.id = p_set AND u.tenant_id = p_tenant AND u.staged
    AND NOT EXISTS (SELECT 1 FROM linkbroker.imported_links AS l WHERE l.token_set_id = p_set AND l.tenant_id = p_tenant)
$$;
`;

/** What the other server's tokens stand for. The first runs with the broker's rights, the last across tenants. */
export const FOREIGN_TOKENS = `
CREATE FUNCTION linkbroker.find_foreign_token(p_tenant uuid, p_skill uuid, p_kinds text[], p_sha256 bytea)
RETURNS TABLE (kind text, imported_link_id uuid, state text, grant_id uuid, link_id uuid, used boolean, expires_at timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT f.kind, f.imported_link_id, l.state, f.grant_id, l.link_id, g.secret_hash IS NOT NULL, f.expires_at
    FROM linkbroker.foreign_tokens AS f
      JOIN linkbroker.imported_links AS l ON l.id = f.imported_link_id AND l.tenant_id = p_tenant
      LEFT JOIN linkbroker.grants AS g ON g.id = f.grant_id AND g.tenant_id = p_tenant
    WHERE f.skill_id = p_skill AND f.kind = ANY (p_kinds) AND f.token_hash = p_sha256 AND f.tenant_id = p_tenant
    ORDER BY f.kind DESC LIMIT 1;
END $$;

-- Gives an adopted grant its secret, once: whoever presents the token again derives the same. False where it has one.
CREATE FUNCTION linkbroker.claim_foreign_grant(p_tenant uuid, p_skill uuid, p_grant uuid, p_secret_hash bytea,
  p_access_secret_hash bytea, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.grants AS g SET secret_hash = p_secret_hash, access_secret_hash = p_access_secret_hash
  WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill AND g.secret_hash IS NULL
    AND EXISTS (SELECT 1 FROM linkbroker.foreign_tokens AS f WHERE f.grant_id = p_grant AND f.kind = 'refresh' AND f.tenant_id = p_tenant);
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE linkbroker.imported_links AS l SET first_used_at = p_now
  WHERE l.tenant_id = p_tenant AND l.first_used_at IS NULL
    AND l.id = (SELECT f.imported_link_id FROM linkbroker.foreign_tokens AS f WHERE f.grant_id = p_grant AND f.kind = 'refresh' LIMIT 1);
  RETURN true;
END $$;

-- Ends the other server's access tokens of a grant; the grant and its refresh tokens live.
CREATE FUNCTION linkbroker.end_foreign_access(p_tenant uuid, p_skill uuid, p_grant uuid, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.foreign_tokens AS f SET expires_at = least(f.expires_at, p_now)
  WHERE f.grant_id = p_grant AND f.kind = 'access' AND f.skill_id = p_skill AND f.tenant_id = p_tenant;
END $$;

CREATE FUNCTION linkbroker.forget_foreign_tokens(p_before timestamptz, p_limit integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH gone AS (
    DELETE FROM foreign_tokens WHERE (skill_id, kind, token_hash) IN (
      SELECT skill_id, kind, token_hash FROM foreign_tokens WHERE expires_at < p_before ORDER BY expires_at LIMIT p_limit)
    RETURNING 1)
  SELECT count(*) FROM gone
$$;
`;
