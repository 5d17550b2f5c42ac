/**
 * Writing events. Where no webhook of the skill wants one, nothing is written and nothing is locked. Events of one link
 * are written under its lock, so that the ids of their deliveries grow in the order in which they become visible; rows
 * come before the lock, links in the order of their ids.
 */
export const TELL_EVENTS = `
-- A UUIDv7 of the application's clock.
CREATE FUNCTION linkbroker.new_event_id(p_now timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_byte(v.octets, 6, get_byte(v.octets, 6) & 15 | 112), 'hex')::uuid
  FROM (SELECT overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send(floor(extract(epoch FROM p_now) * 1000)::bigint) FROM 3) FROM 1) AS octets) AS v
$$;

CREATE FUNCTION linkbroker.webhooks_for(p_tenant uuid, p_skill uuid, p_type text) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT array_agg(w.id) FROM linkbroker.webhooks AS w
  WHERE w.skill_id = p_skill AND w.tenant_id = p_tenant AND w.removed_at IS NULL AND w.disabled_at IS NULL AND p_type = ANY (w.events)
$$;

CREATE FUNCTION linkbroker.record_event(p_tenant uuid, p_skill uuid, p_connector uuid, p_link uuid, p_type text, p_more jsonb, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_webhooks uuid[] := linkbroker.webhooks_for(p_tenant, p_skill, p_type); v_event uuid;
BEGIN
  IF v_webhooks IS NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(p_link::text, 1));
  v_event := linkbroker.new_event_id(p_now);
  INSERT INTO linkbroker.events (id, tenant_id, skill_id, link_id, type, occurred_at, data)
    SELECT v_event, p_tenant, p_skill, p_link, p_type, p_now,
      jsonb_strip_nulls(jsonb_build_object('tenant', t.slug, 'skill', k.slug, 'connector', n.slug, 'link', p_link)) || p_more
    FROM linkbroker.tenants AS t JOIN linkbroker.skills AS k ON k.tenant_id = t.id AND k.id = p_skill
      LEFT JOIN linkbroker.connectors AS n ON n.tenant_id = t.id AND n.id = p_connector
    WHERE t.id = p_tenant;
  INSERT INTO linkbroker.event_deliveries (tenant_id, event_id, webhook_id, link_id, next_attempt_at)
    SELECT p_tenant, v_event, v.webhook_id, p_link, CASE WHEN NOT EXISTS (
        SELECT 1 FROM linkbroker.event_deliveries AS d
        WHERE d.tenant_id = p_tenant AND d.webhook_id = v.webhook_id AND d.link_id = p_link AND d.state = 'pending') THEN p_now END
    FROM unnest(v_webhooks) AS v (webhook_id);
END $$;

CREATE FUNCTION linkbroker.tell_links(p_tenant uuid, p_links uuid[], p_type text, p_more jsonb, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_link record;
BEGIN
  FOR v_link IN SELECT l.id, l.skill_id, l.connector_id FROM linkbroker.links AS l
                WHERE l.tenant_id = p_tenant AND l.id = ANY (p_links) ORDER BY l.id LOOP
    PERFORM linkbroker.record_event(p_tenant, v_link.skill_id, v_link.connector_id, v_link.id, p_type, p_more, p_now);
  END LOOP;
END $$;

-- The links of some token sets that Alexa holds tokens of.
CREATE FUNCTION linkbroker.live_links(p_tenant uuid, p_sets uuid[]) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT array_agg(DISTINCT l.id) FROM linkbroker.links AS l JOIN linkbroker.grants AS g ON g.link_id = l.id AND g.tenant_id = p_tenant
  WHERE l.tenant_id = p_tenant AND l.token_set_id = ANY (p_sets) AND g.revoked_at IS NULL AND g.code_consumed_at IS NOT NULL
$$;

-- A link is there from its first redeemed code on; one more grant of it is no other link.
CREATE FUNCTION linkbroker.tell_link_created(p_tenant uuid, p_skill uuid, p_link uuid, p_grant uuid, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF linkbroker.webhooks_for(p_tenant, p_skill, 'link.created') IS NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(p_link::text, 1));
  IF EXISTS (SELECT 1 FROM linkbroker.grants AS g WHERE g.link_id = p_link AND g.tenant_id = p_tenant AND g.id <> p_grant
               AND g.revoked_at IS NULL AND g.code_consumed_at IS NOT NULL) THEN RETURN; END IF;
  PERFORM linkbroker.tell_links(p_tenant, ARRAY[p_link], 'link.created', '{}', p_now);
END $$;

-- It has ended when no redeemed grant of it lives.
CREATE FUNCTION linkbroker.tell_link_revoked(p_tenant uuid, p_skill uuid, p_link uuid, p_reason text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF linkbroker.webhooks_for(p_tenant, p_skill, 'link.revoked') IS NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(p_link::text, 1));
  IF EXISTS (SELECT 1 FROM linkbroker.grants AS g WHERE g.link_id = p_link AND g.tenant_id = p_tenant
               AND g.revoked_at IS NULL AND g.code_consumed_at IS NOT NULL) THEN RETURN; END IF;
  PERFORM linkbroker.tell_links(p_tenant, ARRAY[p_link], 'link.revoked', jsonb_build_object('reason', p_reason), p_now);
END $$;

-- At most once an hour of each grant: a client that goes on with an old token does so often.
CREATE FUNCTION linkbroker.tell_grant_replayed(p_tenant uuid, p_skill uuid, p_link uuid, p_grant uuid, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF linkbroker.webhooks_for(p_tenant, p_skill, 'grant.replayed') IS NULL THEN RETURN; END IF;
  IF EXISTS (SELECT 1 FROM linkbroker.events AS e WHERE e.link_id = p_link AND e.tenant_id = p_tenant
               AND e.occurred_at > p_now - interval '1 hour' AND e.type = 'grant.replayed' AND e.data ->> 'grant' = p_grant::text)
  THEN RETURN; END IF;
  PERFORM linkbroker.tell_links(p_tenant, ARRAY[p_link], 'grant.replayed', jsonb_build_object('grant', p_grant), p_now);
END $$;

-- To every skill of the tenant that offers the connector or has links through it.
CREATE FUNCTION linkbroker.tell_connector_parked(p_tenant uuid, p_connector uuid, p_reason text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_skill uuid;
BEGIN
  FOR v_skill IN SELECT DISTINCT w.skill_id FROM linkbroker.webhooks AS w
                 WHERE w.tenant_id = p_tenant AND w.removed_at IS NULL AND w.disabled_at IS NULL AND 'connector.misconfigured' = ANY (w.events)
                   AND (EXISTS (SELECT 1 FROM linkbroker.skill_connectors AS s WHERE s.skill_id = w.skill_id AND s.connector_id = p_connector AND s.tenant_id = p_tenant)
                     OR EXISTS (SELECT 1 FROM linkbroker.links AS l WHERE l.tenant_id = p_tenant AND l.skill_id = w.skill_id AND l.connector_id = p_connector)) LOOP
    PERFORM linkbroker.record_event(p_tenant, v_skill, p_connector, NULL, 'connector.misconfigured', jsonb_build_object('reason', p_reason), p_now);
  END LOOP;
END $$;
`;

/** What 0002, 0007 and 0008 made, with what they tell. */
export const TOLD_BY = `
-- The everyday update, its first, tells nothing and is left as it was.
CREATE OR REPLACE FUNCTION linkbroker.refresh_grant(
  p_tenant uuid, p_skill uuid, p_grant uuid, p_secret_hash bytea, p_presented bigint, p_keep integer,
  p_now timestamptz, p_mac_key smallint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_result text := set_config('linkbroker.tenant_id', p_tenant::text, true);
  v_before bigint;
  v_link uuid;
BEGIN
  IF p_keep IS NULL THEN
    UPDATE linkbroker.grants AS g SET
      generation_before = g.generation, generation = p_presented + 1, generation_at = p_now, mac_key_id = p_mac_key
    WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill
      AND g.secret_hash = p_secret_hash AND g.revoked_at IS NULL AND g.generation <= p_presented
    RETURNING concat_ws(' ', g.generation, g.generation_before, g.mac_key_id, g.link_id, array_to_string(g.scopes, ' '))
    INTO v_result;
    IF FOUND THEN RETURN v_result; END IF;
  END IF;
  UPDATE linkbroker.grants AS g SET
    generation_before = g.generation,
    generation = CASE WHEN p_presented >= g.generation THEN p_presented + 1 ELSE g.generation END,
    generation_at = CASE WHEN p_presented >= g.generation THEN p_now ELSE g.generation_at END,
    mac_key_id = CASE WHEN p_presented >= g.generation THEN p_mac_key ELSE g.mac_key_id END,
    checkpoints = CASE WHEN p_keep IS NOT NULL AND p_presented >= g.generation
      THEN linkbroker.next_checkpoints(g.checkpoints, p_presented + 1, p_now) ELSE g.checkpoints END
  WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill
    AND g.secret_hash = p_secret_hash AND g.revoked_at IS NULL
    AND (p_keep IS NULL OR g.generation - p_presented <= p_keep
      OR linkbroker.aged_generation(g.generation, g.generation_at, g.checkpoints, p_now) <= p_presented)
  RETURNING concat_ws(' ', g.generation, g.generation_before, g.mac_key_id, g.link_id, array_to_string(g.scopes, ' ')),
    g.generation_before, g.link_id
  INTO v_result, v_before, v_link;
  IF p_presented < v_before THEN
    PERFORM linkbroker.tell_grant_replayed(p_tenant, p_skill, v_link, p_grant, p_now);
  END IF;
  RETURN v_result;
END $$;

CREATE OR REPLACE FUNCTION linkbroker.redeem_code(
  p_tenant uuid, p_skill uuid, p_code_hash bytea, p_redirect_uri text, p_code_challenge text,
  p_secret_hash bytea, p_access_secret_hash bytea, p_mac_key smallint, p_now timestamptz,
  OUT grant_id uuid, OUT link_id uuid, OUT scopes text[])
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.grants AS g SET
    code_consumed_at = p_now, secret_hash = p_secret_hash, access_secret_hash = p_access_secret_hash,
    mac_key_id = p_mac_key, generation = 1, generation_at = p_now
  WHERE g.code_hash = p_code_hash AND g.tenant_id = p_tenant AND g.skill_id = p_skill
    AND g.code_consumed_at IS NULL AND g.code_expires_at > p_now AND g.revoked_at IS NULL
    AND (p_redirect_uri IS NULL OR g.redirect_uri = p_redirect_uri)
    AND g.code_challenge IS NOT DISTINCT FROM p_code_challenge
  RETURNING g.id, g.link_id, g.scopes INTO grant_id, link_id, scopes;
  IF grant_id IS NOT NULL THEN
    PERFORM linkbroker.tell_link_created(p_tenant, p_skill, link_id, grant_id, p_now);
  END IF;
END $$;

CREATE OR REPLACE FUNCTION linkbroker.revoke_grant(p_tenant uuid, p_skill uuid, p_grant uuid, p_secret_hash bytea, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_link uuid;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.grants AS g SET revoked_at = p_now, revoke_reason = p_reason
  WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill
    AND g.secret_hash = p_secret_hash AND g.revoked_at IS NULL
  RETURNING g.link_id INTO v_link;
  IF v_link IS NULL THEN RETURN false; END IF;
  PERFORM linkbroker.hold_link_revocation(p_tenant, v_link, p_now);
  PERFORM linkbroker.tell_link_revoked(p_tenant, p_skill, v_link, p_reason, p_now);
  RETURN true;
END $$;

-- Tells when a set becomes at risk or dies, and when its connector is parked and had not been for that reason within the hour.
CREATE OR REPLACE FUNCTION linkbroker.fail_token_refresh(p_tenant uuid, p_set uuid, p_fence integer, p_attempt uuid, p_outcome text,
  p_error_code text, p_retry_at timestamptz, p_due_at timestamptz, p_now timestamptz)
RETURNS TABLE (state text, parked text) LANGUAGE plpgsql AS $$
DECLARE v_set linkbroker.upstream_token_sets; v_burst bigint; v_before text; v_ended uuid[]; v_newly_parked boolean;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.upstream_refresh_attempts AS a
  SET ended_at = clock_timestamp(), outcome = p_outcome, error_code = p_error_code
  WHERE a.id = p_attempt AND a.tenant_id = p_tenant;
  SELECT u.state INTO v_before FROM linkbroker.upstream_token_sets AS u WHERE u.id = p_set AND u.tenant_id = p_tenant FOR UPDATE;
  -- A refused token is asked about less and less often, however eager the callers are.
  UPDATE linkbroker.upstream_token_sets AS u SET lease_until = NULL, last_error = p_error_code,
    retry_at = CASE WHEN p_outcome = 'terminal' AND p_retry_at IS NOT NULL
      THEN greatest(p_retry_at, p_now + least(900, 30 * 2 ^ least(u.terminal_count, 5)) * interval '1 second') ELSE p_retry_at END,
    refresh_due_at = p_due_at, failures = u.failures + 1,
    terminal_count = u.terminal_count + (p_outcome = 'terminal')::integer,
    first_terminal_at = CASE WHEN p_outcome = 'terminal' THEN coalesce(u.first_terminal_at, p_now) ELSE u.first_terminal_at END,
    state = CASE WHEN p_outcome = 'terminal' THEN 'at_risk' ELSE u.state END
  WHERE u.id = p_set AND u.tenant_id = p_tenant AND u.fence = p_fence
  RETURNING u.* INTO v_set;
  state := v_set.state;
  IF p_outcome = 'misconfigured' THEN parked := 'misconfigured'; END IF;
  IF p_outcome = 'terminal' THEN
    SELECT count(DISTINCT a.token_set_id) INTO v_burst FROM linkbroker.upstream_refresh_attempts AS a
    WHERE a.connector_id = v_set.connector_id AND a.tenant_id = p_tenant AND a.outcome = 'terminal'
      AND a.ended_at > clock_timestamp() - interval '1 hour';
    -- More than one in a hundred: no more sets are counted than would say otherwise.
    IF v_burst >= 20 OR (v_burst >= 3 AND v_burst * 100 > (SELECT count(*) FROM (
        SELECT 1 FROM linkbroker.upstream_token_sets AS o
        WHERE o.tenant_id = p_tenant AND o.connector_id = v_set.connector_id LIMIT v_burst * 100) AS counted)) THEN
      parked := 'burst';
    ELSIF v_set.terminal_count >= 2 AND v_set.first_terminal_at <= p_now - interval '20 seconds'
      AND (v_set.first_terminal_at <= p_now - interval '6 hours' OR v_set.access_expires_at <= p_now)
      AND (EXISTS (SELECT 1 FROM linkbroker.upstream_token_sets AS o WHERE o.tenant_id = p_tenant
                     AND o.connector_id = v_set.connector_id AND o.id <> p_set AND o.updated_at >= v_set.first_terminal_at)
        OR NOT EXISTS (SELECT 1 FROM linkbroker.upstream_token_sets AS o WHERE o.tenant_id = p_tenant
                     AND o.connector_id = v_set.connector_id AND o.id <> p_set AND o.last_error IS NOT NULL))
    THEN
      v_ended := linkbroker.live_links(p_tenant, ARRAY[p_set]);
      UPDATE linkbroker.upstream_token_sets AS u SET state = 'dead', refresh_due_at = NULL
      WHERE u.id = p_set AND u.tenant_id = p_tenant;
      UPDATE linkbroker.grants AS g SET revoked_at = p_now, revoke_reason = 'upstream dead'
      WHERE g.tenant_id = p_tenant AND g.revoked_at IS NULL
        AND g.link_id IN (SELECT l.id FROM linkbroker.links AS l WHERE l.token_set_id = p_set AND l.tenant_id = p_tenant);
      state := 'dead';
    END IF;
  END IF;
  IF parked IS NOT NULL THEN
    SELECT n.parked_reason IS DISTINCT FROM parked OR n.parked_until < p_now - interval '1 hour' INTO v_newly_parked
    FROM linkbroker.connectors AS n WHERE n.id = v_set.connector_id AND n.tenant_id = p_tenant FOR UPDATE;
    UPDATE linkbroker.connectors AS n SET parked_until = p_now + interval '10 minutes', parked_reason = parked
    WHERE n.id = v_set.connector_id AND n.tenant_id = p_tenant;
    IF v_newly_parked THEN PERFORM linkbroker.tell_connector_parked(p_tenant, v_set.connector_id, parked, p_now); END IF;
  END IF;
  IF state = 'dead' THEN
    PERFORM linkbroker.tell_links(p_tenant, v_ended, 'link.dead', '{}', p_now);
  ELSIF state = 'at_risk' AND v_before = 'active' THEN
    PERFORM linkbroker.tell_links(p_tenant, linkbroker.live_links(p_tenant, ARRAY[p_set]), 'link.at_risk', '{}', p_now);
  END IF;
  RETURN NEXT;
END $$;
`;

/** What 0010 made, in another language so that it can tell of the sets that have come to be at risk. */
export const END_LOST_ATTEMPTS = `
CREATE OR REPLACE FUNCTION linkbroker.end_lost_attempts(p_now timestamptz, p_limit integer)
RETURNS TABLE (tenant_id uuid, token_set_id uuid, sent boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
#variable_conflict use_column
DECLARE v_lost record; v_at_risk record; v_links uuid[] := '{}';
BEGIN
  FOR v_lost IN
    WITH lost AS MATERIALIZED (
      SELECT a.id, a.tenant_id, a.token_set_id, a.fence, a.version, a.sent_at IS NOT NULL AS sent, u.state AS state_before
      FROM upstream_refresh_attempts a JOIN upstream_token_sets u ON u.id = a.token_set_id
      WHERE a.ended_at IS NULL AND a.began_at < clock_timestamp() - interval '15 seconds'
        AND (u.fence > a.fence OR u.lease_until IS NULL OR u.lease_until <= clock_timestamp())
      ORDER BY a.began_at LIMIT p_limit FOR UPDATE OF a SKIP LOCKED),
    ended AS (
      UPDATE upstream_refresh_attempts a SET ended_at = clock_timestamp(), outcome = CASE WHEN l.sent THEN 'unknown' ELSE 'not-sent' END
      FROM lost l WHERE a.id = l.id
      RETURNING l.id, l.tenant_id, l.token_set_id, l.sent, l.version, l.state_before),
    marked AS (
      UPDATE upstream_token_sets u SET lease_until = NULL,
        unknown_sends = u.unknown_sends + e.sent::integer,
        state = CASE WHEN e.sent AND u.unknown_sends >= 1 AND u.state = 'active' THEN 'at_risk' ELSE u.state END,
        retry_at = CASE WHEN e.sent THEN greatest(p_now, u.access_expires_at - interval '1 minute') ELSE NULL END,
        refresh_due_at = CASE WHEN u.refresh_due_at IS NULL THEN NULL
          WHEN e.sent THEN greatest(p_now, u.access_expires_at - interval '1 minute') ELSE p_now END
      FROM ended e WHERE u.id = e.token_set_id AND u.version = e.version AND (u.lease_until IS NULL OR u.lease_until <= clock_timestamp())
      RETURNING e.id AS attempt_id, u.state = 'at_risk' AND e.state_before = 'active' AS newly_at_risk)
    SELECT e.tenant_id, e.token_set_id, e.sent, coalesce(m.newly_at_risk, false) AS newly_at_risk
    FROM ended e LEFT JOIN marked m ON m.attempt_id = e.id
  LOOP
    IF v_lost.newly_at_risk THEN
      v_links := v_links || live_links(v_lost.tenant_id, ARRAY[v_lost.token_set_id]);
    END IF;
    tenant_id := v_lost.tenant_id; token_set_id := v_lost.token_set_id; sent := v_lost.sent;
    RETURN NEXT;
  END LOOP;
  -- Only now, when no more rows are to be locked, and in one order whatever tenant they are of.
  FOR v_at_risk IN SELECT l.id, l.tenant_id FROM links l WHERE l.id = ANY (v_links) ORDER BY l.id LOOP
    PERFORM tell_links(v_at_risk.tenant_id, ARRAY[v_at_risk.id], 'link.at_risk', '{}', p_now);
  END LOOP;
END $$;
`;
