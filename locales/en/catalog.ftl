## Dimensions

dimension-account = Account
dimension-activity_kind = Kind of activity
dimension-campaign = Campaign
dimension-case_kind = Kind of case
dimension-channel = Channel
dimension-churn_reason = Reason for leaving
dimension-cost_kind = Kind of cost
dimension-country = Country
dimension-currency = Currency
dimension-forecast_category = Forecast category
dimension-industry = Industry
dimension-loss_reason = Reason for losing
dimension-network = Network
dimension-order_kind = Kind of order
dimension-pipeline = Pipeline
dimension-priority = Priority
dimension-product = Product
dimension-region = Region
dimension-rep = Rep
dimension-sale_type = Type of sale
dimension-segment = Segment
dimension-source = Source
dimension-source_kind = Kind of source
dimension-stage = Stage
dimension-team = Team

## Families of KPIs

family-sales = Sales results
family-pipeline = Pipeline
family-leads = Leads and marketing
family-subscriptions = Subscriptions and retention
family-activity = Rep activity and outreach
family-social = Social selling and expertise
family-service = Customer service
family-surveys = How customers see us
family-usage = Use of the CRM itself
