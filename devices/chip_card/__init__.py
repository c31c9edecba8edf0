"""Chip cards (社会保障卡) in a PC/SC reader."""
