"""How threads that compute together wait for each other. OpenMP reads it from the environment when torch is imported.

Threads that spin while they wait starve each other as soon as anything else uses the machine: a picture took 36 s
instead of 0.6 s beside one busy process on two cores. Threads that sleep at once take longer to wake than most layers
compute. GNU OpenMP lets them spin for some microseconds first; others only know whether to sleep.

To spin ten times as long makes a pipeline of SDXL's class a fifth quicker on two idle cores, and two and a half times
slower where one is busy. One thread fewer there would be quickest, but matrices multiplied by another number of threads
differ in their last bits: the same recipe would no longer give the same bytes.
"""

WAITING = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "2000"}
