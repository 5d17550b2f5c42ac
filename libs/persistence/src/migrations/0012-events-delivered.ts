/** Delivering events, for the worker, and giving them out again, for an operator. */
export const DELIVER_EVENTS = `
-- Ends an attempt: delivered, dead, or pending until p_next. What has ended lets the link's next event go. p_sick says that
-- the receiver did not answer or not as a well one does: five times in a row, and it is left alone for two seconds, twice
-- as long after each further time, and up to a minute. False when the delivery is not in this attempt any more.
CREATE FUNCTION linkbroker.finish_event_delivery(p_tenant uuid, p_id bigint, p_attempt integer, p_state text, p_status smallint,
  p_error text, p_took_ms integer, p_next timestamptz, p_sick boolean, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_link uuid; v_webhook uuid;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  SELECT d.link_id, d.webhook_id INTO v_link, v_webhook FROM linkbroker.event_deliveries AS d WHERE d.id = p_id AND d.tenant_id = p_tenant;
  -- Before its deliveries, as whoever ends a webhook does.
  PERFORM 1 FROM linkbroker.webhooks AS w WHERE w.id = v_webhook AND w.tenant_id = p_tenant FOR NO KEY UPDATE;
  IF p_state <> 'pending' THEN PERFORM pg_advisory_xact_lock(hashtextextended(v_link::text, 1)); END IF;
  UPDATE linkbroker.event_deliveries AS d SET state = p_state, last_status = p_status, last_error = p_error, took_ms = p_took_ms,
    next_attempt_at = CASE WHEN p_state = 'pending' THEN p_next END, ended_at = CASE WHEN p_state <> 'pending' THEN p_now END
  WHERE d.id = p_id AND d.tenant_id = p_tenant AND d.state = 'pending' AND d.attempts = p_attempt;
  IF NOT FOUND THEN RETURN false; END IF;
  IF p_sick THEN
    UPDATE linkbroker.webhooks AS w SET failures = w.failures + 1,
      paused_until = CASE WHEN w.failures >= 4 THEN p_now + least(60, 2 ^ least(w.failures - 3, 6)) * interval '1 second' END
    WHERE w.id = v_webhook AND w.tenant_id = p_tenant;
  ELSE
    UPDATE linkbroker.webhooks AS w SET failures = 0, paused_until = NULL
    WHERE w.id = v_webhook AND w.tenant_id = p_tenant AND w.failures > 0;
  END IF;
  IF p_state <> 'pending' THEN
    UPDATE linkbroker.event_deliveries AS d SET next_attempt_at = p_now
    WHERE d.tenant_id = p_tenant AND d.next_attempt_at IS NULL AND d.id = (
      SELECT min(n.id) FROM linkbroker.event_deliveries AS n
      WHERE n.tenant_id = p_tenant AND n.webhook_id = v_webhook AND n.link_id = v_link AND n.state = 'pending');
  END IF;
  RETURN true;
END $$;

-- What was on its way to a webhook that has ended.
CREATE FUNCTION linkbroker.give_up_deliveries(p_tenant uuid, p_webhook uuid, p_error text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  WITH waiting AS MATERIALIZED (
    SELECT d.id FROM linkbroker.event_deliveries AS d
    WHERE d.tenant_id = p_tenant AND d.webhook_id = p_webhook AND d.state = 'pending' ORDER BY d.id FOR UPDATE)
  UPDATE linkbroker.event_deliveries AS d SET state = 'dead', last_error = p_error, next_attempt_at = NULL, ended_at = p_now
  FROM waiting AS w WHERE d.id = w.id;
END $$;

CREATE FUNCTION linkbroker.disable_webhook(p_tenant uuid, p_webhook uuid, p_error text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.webhooks AS w SET disabled_at = p_now WHERE w.id = p_webhook AND w.tenant_id = p_tenant AND w.disabled_at IS NULL;
  PERFORM linkbroker.give_up_deliveries(p_tenant, p_webhook, p_error, p_now);
END $$;

-- Sends an event once more to every webhook that is still there and is not about to get it, or only to those that it was
-- given up for; how many.
CREATE FUNCTION linkbroker.replay_event(p_tenant uuid, p_event uuid, p_dead_only boolean, p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE v_count bigint;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  PERFORM pg_advisory_xact_lock(hashtextextended(e.link_id::text, 1)) FROM linkbroker.events AS e WHERE e.id = p_event AND e.tenant_id = p_tenant;
  UPDATE linkbroker.event_deliveries AS d SET state = 'pending', attempts = 0, ended_at = NULL,
    next_attempt_at = CASE WHEN NOT EXISTS (
      SELECT 1 FROM linkbroker.event_deliveries AS n
      WHERE n.tenant_id = p_tenant AND n.webhook_id = d.webhook_id AND n.link_id = d.link_id AND n.state = 'pending') THEN p_now END
  FROM linkbroker.webhooks AS w
  WHERE d.event_id = p_event AND d.tenant_id = p_tenant AND (d.state = 'dead' OR (d.state = 'delivered' AND NOT p_dead_only))
    AND w.id = d.webhook_id AND w.tenant_id = p_tenant AND w.removed_at IS NULL AND w.disabled_at IS NULL;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $$;
`;

export const DELIVER_EVENTS_ACROSS_TENANTS = `
-- Claims what is due until p_lease_until, each webhook's first before anyone's second. Walks the webhooks that have
-- something pending, so that it costs those and not what waits behind their first ones.
CREATE FUNCTION linkbroker.claim_event_deliveries(p_now timestamptz, p_lease_until timestamptz, p_limit integer, p_per_webhook integer)
RETURNS TABLE (id bigint, tenant_id uuid, webhook_id uuid, url text, secrets bytea, attempt integer, event_id uuid, type text,
  occurred_at timestamptz, data jsonb)
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH RECURSIVE busy AS (
    (SELECT d.webhook_id FROM event_deliveries d WHERE d.next_attempt_at IS NOT NULL ORDER BY d.webhook_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.webhook_id FROM event_deliveries d
            WHERE d.next_attempt_at IS NOT NULL AND d.webhook_id > b.webhook_id ORDER BY d.webhook_id LIMIT 1)
    FROM busy b WHERE b.webhook_id IS NOT NULL),
  turns AS MATERIALIZED (
    SELECT due.id, due.next_attempt_at, row_number() OVER (PARTITION BY b.webhook_id ORDER BY due.next_attempt_at, due.id) AS place
    FROM busy b JOIN webhooks w ON w.id = b.webhook_id AND w.removed_at IS NULL AND w.disabled_at IS NULL
        AND (w.paused_until IS NULL OR w.paused_until <= p_now)
      CROSS JOIN LATERAL (
        SELECT d.id, d.next_attempt_at FROM event_deliveries d
        WHERE d.webhook_id = b.webhook_id AND d.next_attempt_at <= p_now
        ORDER BY d.next_attempt_at, d.id LIMIT CASE WHEN w.paused_until IS NULL THEN p_per_webhook ELSE 1 END) AS due),
  locked AS MATERIALIZED (
    SELECT d.id FROM event_deliveries d JOIN turns t ON t.id = d.id
    WHERE d.state = 'pending' AND d.next_attempt_at <= p_now
    ORDER BY t.place, t.next_attempt_at, t.id LIMIT p_limit FOR UPDATE OF d SKIP LOCKED),
  claimed AS (
    UPDATE event_deliveries d SET attempts = d.attempts + 1, next_attempt_at = p_lease_until, last_attempt_at = p_now
    FROM locked k WHERE d.id = k.id
    RETURNING d.id, d.tenant_id, d.webhook_id, d.attempts, d.event_id)
  SELECT c.id, c.tenant_id, c.webhook_id, w.url, w.secrets, c.attempts, c.event_id, e.type, e.occurred_at, e.data
  FROM claimed c JOIN webhooks w ON w.id = c.webhook_id JOIN events e ON e.id = c.event_id
  ORDER BY c.id
$$;

-- Forgets events from before p_before that nobody waits for and that were delivered or given up before then as well.
CREATE FUNCTION linkbroker.prune_events(p_before timestamptz, p_limit integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH gone AS (
    DELETE FROM events WHERE id IN (
      SELECT e.id FROM events e
      WHERE e.occurred_at < p_before AND NOT EXISTS (
        SELECT 1 FROM event_deliveries d JOIN webhooks w ON w.id = d.webhook_id
        WHERE d.event_id = e.id AND (d.ended_at >= p_before
          OR (d.state = 'pending' AND w.removed_at IS NULL AND w.disabled_at IS NULL)))
      ORDER BY e.occurred_at LIMIT p_limit)
    RETURNING 1)
  SELECT count(*) FROM gone
$$;
`;
