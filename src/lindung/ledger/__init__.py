"""Double entry: funds, receivables, JHT accounts. Below contributions and claims, which post to it; knows neither."""
