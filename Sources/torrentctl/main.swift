import Glibc

ProcessSignals.prepare()
exit(Program.run(Console.process()).rawValue)
