## What the command line prints around names and figures

terminal-period = دوره
terminal-whole-period = کل دوره
terminal-total = جمع
terminal-not-set = (نامشخص)
terminal-rows = { $count } ردیف
terminal-dates = { $first } تا { $last } ({ $zone })
terminal-compared = { $dates }، در مقایسه با { $first } تا { $last }
terminal-compared-with-nothing = { $dates }، بدون دوره‌ای برای مقایسه
terminal-days = روز
terminal-hours = ساعت
terminal-seconds = ثانیه
terminal-before = پیشین
terminal-change = تغییر
terminal-change-percent = تغییر %
terminal-target = هدف
terminal-attained = تحقق %
terminal-reps-targets = اهداف کارشناسان
terminal-rank = رتبه
terminal-from-total = اختلاف با کل
terminal-place = { $place } از { $count }
terminal-several-currencies = (چند ارز)
terminal-target-of-other-days = (روزهای دیگر)
terminal-target-of-other-rows = (ردیف‌های دیگر)
terminal-unknown-value = هشدار: هیچ رکوردی در «{ $dimension }» مقدار { $value } ندارد؛ آیا منظورتان { $nearest } است؟
terminal-unknown-value-alone = هشدار: هیچ رکوردی در «{ $dimension }» مقدار { $value } ندارد؛ `crm-kpi values { $id }` مقدارهای موجود را نشان می‌دهد
