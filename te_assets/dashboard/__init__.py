"""The figures for people who look at them: an API that reads marts, and the built Angular app that shows them."""
