## What the command line prints around names and figures

terminal-period = Period
terminal-whole-period = Whole period
terminal-total = Total
terminal-not-set = (not set)
terminal-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
terminal-dates = { $first } to { $last } ({ $zone })
terminal-compared = { $dates }, compared with { $first } to { $last }
terminal-compared-with-nothing = { $dates }, compared with nothing
terminal-days = days
terminal-hours = hours
terminal-seconds = seconds
terminal-before = before
terminal-change = change
terminal-change-percent = change %
terminal-target = target
terminal-attained = attained %
terminal-reps-targets = reps' targets
terminal-rank = rank
terminal-from-total = from total
terminal-place = { $place } of { $count }
terminal-several-currencies = (several currencies)
terminal-no-source = (no source)
terminal-not-yet-due = (not yet due)
terminal-missing-rate = (no rate for { $currency } on { $date })
terminal-target-of-other-days = (other days)
terminal-target-of-other-rows = (other rows)
terminal-unknown-value = warning: no record has the { $id } { $value }; did you mean { $nearest }?
terminal-unknown-value-alone = warning: no record has the { $id } { $value }; `crm-kpi values { $id }` lists them
