## What the command line prints around names and figures

terminal-period = Период
terminal-whole-period = Весь период
terminal-total = Итого
terminal-not-set = (не указано)
terminal-rows = { $count ->
    [one] { $count } строка
    [few] { $count } строки
   *[other] { $count } строк
}
terminal-dates = с { $first } по { $last } ({ $zone })
terminal-compared = { $dates }, в сравнении с периодом с { $first } по { $last }
terminal-compared-with-nothing = { $dates }, сравнить не с чем
terminal-days = дни
terminal-hours = часы
terminal-seconds = секунды
terminal-before = было
terminal-change = изменение
terminal-change-percent = изменение, %
terminal-target = цель
terminal-attained = выполнение, %
terminal-reps-targets = цели менеджеров
terminal-rank = место
terminal-from-total = отличие от итога
terminal-place = { $place } из { $count }
terminal-several-currencies = (несколько валют)
terminal-no-source = (нет источника)
terminal-not-yet-due = (срок не наступил)
terminal-missing-rate = (нет курса { $currency } на { $date })
terminal-target-of-other-days = (на другие дни)
terminal-target-of-other-rows = (для других строк)
terminal-unknown-value = предупреждение: в «{ $dimension }» нет значения { $value }; возможно, имелось в виду { $nearest }?
terminal-unknown-value-alone = предупреждение: в «{ $dimension }» нет значения { $value }; `crm-kpi values { $id }` показывает, какие есть
