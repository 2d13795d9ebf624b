import Platform

// Nothing that a command leaves half done has a final name yet, so an interruption may end it anywhere.
ProcessSignals.prepare(exitCode: ExitCode.interrupted.rawValue)
ProcessEnd.exit(Program.run(Console.process()).rawValue)
