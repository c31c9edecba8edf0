"""The HTTP of the platform, one router a subject. Only here are requests and answers."""
