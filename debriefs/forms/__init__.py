"""What people fill in: each form says what may be typed, and what to do when it does not fit.

Forms know no rule of the domain and change nothing; services do.
"""
