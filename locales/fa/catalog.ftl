## Dimensions

dimension-account = حساب مشتری
dimension-activity_kind = نوع فعالیت
dimension-campaign = کمپین
dimension-case_kind = نوع پرونده
dimension-channel = کانال
dimension-churn_reason = دلیل ریزش
dimension-cost_kind = نوع هزینه
dimension-country = کشور
dimension-currency = ارز
dimension-forecast_category = دسته پیش‌بینی
dimension-industry = صنعت
dimension-loss_reason = دلیل از دست رفتن
dimension-network = شبکه اجتماعی
dimension-order_kind = نوع سفارش
dimension-pipeline = کاریز فروش
dimension-priority = اولویت
dimension-product = محصول
dimension-region = منطقه
dimension-rep = کارشناس فروش
dimension-sale_type = نوع فروش
dimension-segment = بخش بازار
dimension-source = منبع
dimension-source_kind = نوع منبع
dimension-stage = مرحله
dimension-team = تیم

## Families of KPIs

family-sales = نتایج فروش
family-pipeline = قیف فروش
family-leads = سرنخ‌ها و بازاریابی
family-subscriptions = اشتراک‌ها و حفظ مشتری
family-activity = فعالیت و ارتباط‌های کارشناسان
family-social = فروش اجتماعی و تخصص
family-service = خدمات مشتری
family-surveys = نگاه مشتریان به ما
family-usage = استفاده از خود CRM
