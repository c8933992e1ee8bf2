from django.apps import AppConfig


class CountryConfig(AppConfig):
    name = "country"
    verbose_name = "大量示例数据"
