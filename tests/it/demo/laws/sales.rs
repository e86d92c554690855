//! Deals, customers and what they bought.

pub const LAWS: &[(&str, &str)] = &[
    (
        "a deal is closed if and only if it has a closing time",
        "SELECT COUNT(*) FROM opportunities WHERE (status = 'open') <> (closed_at IS NULL)",
    ),
    (
        "a deal has a loss reason if and only if it is lost",
        "SELECT COUNT(*) FROM opportunities WHERE (status = 'lost') <> (loss_reason IS NOT NULL)",
    ),
    (
        "a deal has an amount, and twelve times its monthly one if it recurs",
        "SELECT COUNT(*) FROM opportunities WHERE amount_minor IS NULL OR amount_minor <= 0 OR currency <> 'USD'
           OR amount_minor <> 12 * monthly_amount_minor",
    ),
    (
        "contact, creation and close follow each other",
        "SELECT COUNT(*) FROM opportunities WHERE first_contact_at > created_at OR created_at >= closed_at",
    ),
    (
        "every deal has history",
        "SELECT COUNT(*) FROM opportunities d WHERE NOT EXISTS
           (SELECT 1 FROM opportunity_stages s WHERE s.opportunity_id = d.id AND s.number = 1)",
    ),
    (
        "the first stay starts at creation",
        "SELECT COUNT(*) FROM opportunity_stages s JOIN opportunities d ON d.id = s.opportunity_id
          WHERE s.number = 1 AND s.entered_at <> d.created_at",
    ),
    (
        "a stay starts when the one before ended, in another stage, as the outcome says",
        "SELECT COUNT(*) FROM opportunity_stages s
           LEFT JOIN opportunity_stages b ON b.opportunity_id = s.opportunity_id AND b.number = s.number - 1
          WHERE s.number > 1 AND (b.left_at IS NULL OR b.left_at <> s.entered_at OR b.stage_id = s.stage_id
            OR (b.outcome = 'advanced') <> (b.stage_id < s.stage_id) OR b.outcome NOT IN ('advanced', 'returned'))",
    ),
    ("a stay takes time", "SELECT COUNT(*) FROM opportunity_stages WHERE left_at <= entered_at"),
    (
        "a stay has an outcome if and only if it ended",
        "SELECT COUNT(*) FROM opportunity_stages WHERE (left_at IS NULL) <> (outcome IS NULL)",
    ),
    (
        "the last stay ends as and when the deal does, in its stage and with its rep",
        "SELECT COUNT(*) FROM opportunity_stages s JOIN opportunities d ON d.id = s.opportunity_id
          WHERE s.number = (SELECT MAX(number) FROM opportunity_stages o WHERE o.opportunity_id = s.opportunity_id)
            AND (s.stage_id <> d.stage_id OR s.rep_id <> d.rep_id OR COALESCE(s.outcome, 'open') <> d.status
              OR (s.left_at IS NULL) <> (d.closed_at IS NULL) OR s.left_at <> d.closed_at)",
    ),
    (
        "proposals are sent while the deal is open and was in the proposal stage",
        "SELECT COUNT(*) FROM proposals p JOIN opportunities d ON d.id = p.opportunity_id
          WHERE p.sent_at > d.closed_at OR NOT EXISTS (SELECT 1 FROM opportunity_stages s
            WHERE s.opportunity_id = p.opportunity_id AND s.stage_id IN ('stage-3', 'stage-7') AND s.entered_at <= p.sent_at)",
    ),
    (
        "every deal that was won is one order, of the same rep, account, product and amount",
        "SELECT COUNT(*) FROM opportunities d WHERE d.status = 'won' AND 1 <> (SELECT COUNT(*) FROM orders o
          WHERE o.opportunity_id = d.id AND o.rep_id = d.rep_id AND o.account_id = d.account_id
            AND o.product_id = d.product_id AND o.amount_minor = d.amount_minor AND o.ordered_at = d.closed_at)",
    ),
    (
        "an order of a deal is one of a deal that was won",
        "SELECT COUNT(*) FROM orders o WHERE o.opportunity_id IS NOT NULL AND NOT EXISTS
           (SELECT 1 FROM opportunities d WHERE d.id = o.opportunity_id AND d.status = 'won')",
    ),
    (
        "orders are numbered by time and id",
        "SELECT COUNT(*) FROM (SELECT customer_order_number AS stored,
            ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY ordered_at, id) AS counted FROM orders
            WHERE refund_of IS NULL) numbered
          WHERE stored <> counted",
    ),
    (
        "the first order is new business, a renewal or repeat is not a deal's",
        "SELECT COUNT(*) FROM orders WHERE (refund_of IS NULL AND amount_minor <= 0)
           OR (customer_order_number = 1 AND kind <> 'new')
           OR (opportunity_id IS NOT NULL AND kind IN ('renewal', 'repeat'))",
    ),
    (
        "a refund gives a customer no more back than was paid, later, and is no order of its own",
        "SELECT COUNT(*) FROM orders r LEFT JOIN orders o ON o.id = r.refund_of
          WHERE r.refund_of IS NOT NULL AND (o.id IS NULL OR o.refund_of IS NOT NULL OR o.account_id <> r.account_id
            OR o.ordered_at >= r.ordered_at OR r.amount_minor >= 0 OR o.amount_minor + r.amount_minor < 0
            OR r.customer_order_number IS NOT NULL OR r.kind IS NOT NULL)",
    ),
    ("only subscribers renew", "SELECT COUNT(*) FROM orders WHERE kind = 'renewal' AND NOT by_subscriber"),
    (
        "a customer who bought a subscription orders as a subscriber for the rest of the tenure",
        "SELECT COUNT(*) FROM orders o JOIN opportunities d ON d.account_id = o.account_id
            AND d.status = 'won' AND d.monthly_amount_minor > 0 AND d.closed_at <= o.ordered_at
           JOIN customer_tenures t ON t.account_id = o.account_id AND t.started_at <= d.closed_at
            AND (t.ended_at IS NULL OR t.ended_at > o.ordered_at)
          WHERE NOT o.by_subscriber AND o.refund_of IS NULL",
    ),
    (
        "only customers order",
        "SELECT COUNT(*) FROM orders o WHERE 1 <> (SELECT COUNT(*) FROM customer_tenures t
          WHERE t.account_id = o.account_id AND t.started_at <= o.ordered_at
            AND (t.ended_at IS NULL OR t.ended_at > o.ordered_at)) AND o.refund_of IS NULL",
    ),
    (
        "a tenure starts with an order",
        "SELECT COUNT(*) FROM customer_tenures t WHERE NOT EXISTS
           (SELECT 1 FROM orders o WHERE o.account_id = t.account_id AND o.ordered_at = t.started_at)",
    ),
    (
        "tenures are numbered from 1 and do not overlap",
        "SELECT COUNT(*) FROM customer_tenures t
           LEFT JOIN customer_tenures b ON b.account_id = t.account_id AND b.number = t.number - 1
          WHERE t.number > 1 AND (b.ended_at IS NULL OR b.ended_at > t.started_at)",
    ),
    (
        "a tenure ends after it started, for a reason",
        "SELECT COUNT(*) FROM customer_tenures
          WHERE ended_at <= started_at OR (ended_at IS NULL) <> (end_reason IS NULL)",
    ),
    (
        "an account is a customer since its first tenure",
        "SELECT COUNT(*) FROM accounts a LEFT JOIN customer_tenures t ON t.account_id = a.id AND t.number = 1
          WHERE (a.customer_since IS NULL) <> (t.started_at IS NULL) OR a.customer_since <> t.started_at",
    ),
    (
        "references resolve",
        "SELECT COUNT(*) FROM opportunities d
           LEFT JOIN reps r ON r.id = d.rep_id LEFT JOIN teams t ON t.id = r.team_id
           LEFT JOIN accounts a ON a.id = d.account_id LEFT JOIN products p ON p.id = d.product_id
           LEFT JOIN sources s ON s.id = d.source_id LEFT JOIN stages g ON g.id = d.stage_id
          WHERE t.id IS NULL OR a.id IS NULL OR p.id IS NULL OR s.id IS NULL OR g.id IS NULL",
    ),
];
