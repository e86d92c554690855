## Dimensions

dimension-account = Клиент
dimension-activity_kind = Вид действия
dimension-campaign = Кампания
dimension-case_kind = Вид дела
dimension-channel = Канал
dimension-churn_reason = Причина ухода
dimension-cost_kind = Вид расходов
dimension-country = Страна
dimension-currency = Валюта
dimension-forecast_category = Категория прогноза
dimension-industry = Отрасль
dimension-loss_reason = Причина потери
dimension-network = Социальная сеть
dimension-order_kind = Вид заказа
dimension-pipeline = Воронка
dimension-priority = Приоритет
dimension-product = Продукт
dimension-region = Регион
dimension-rep = Менеджер по продажам
dimension-sale_type = Тип продажи
dimension-segment = Сегмент
dimension-source = Источник
dimension-source_kind = Вид источника
dimension-stage = Этап
dimension-team = Команда

## Families of KPIs

family-sales = Результаты продаж
family-pipeline = Воронка продаж
family-leads = Потенциальные клиенты и маркетинг
family-subscriptions = Подписки и удержание
family-activity = Активность менеджеров и обращения
family-social = Социальные продажи и экспертность
family-service = Обслуживание клиентов
family-surveys = Что о нас думают клиенты
family-usage = Использование самой CRM
