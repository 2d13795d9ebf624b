#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Errors that somebody reacts to by more than passing them on. (The C library's own names need its import.)
extension Errno {
  package static let notPermitted = Errno(EPERM)
  package static let noEntry = Errno(ENOENT)
  package static let canceled = Errno(ECANCELED)
  package static let interrupted = Errno(EINTR)
  package static let inputOutput = Errno(EIO)
  package static let wouldBlock = Errno(EAGAIN)
  package static let accessDenied = Errno(EACCES)
  package static let exists = Errno(EEXIST)
  package static let notAFolder = Errno(ENOTDIR)
  package static let isAFolder = Errno(EISDIR)
  package static let invalidArgument = Errno(EINVAL)
  package static let noSpace = Errno(ENOSPC)
  package static let overQuota = Errno(EDQUOT)
  package static let tooManyLinks = Errno(EMLINK)
  package static let brokenPipe = Errno(EPIPE)
  package static let symbolicLink = Errno(ELOOP)
  package static let notText = Errno(EILSEQ)
  package static let notSupported = Errno(EOPNOTSUPP)
  package static let noSuchCall = Errno(ENOSYS)
  package static let noFurtherData = Errno(ENXIO)
  package static let addressInUse = Errno(EADDRINUSE)
  package static let addressMissing = Errno(EADDRNOTAVAIL)
  package static let familyMissing = Errno(EAFNOSUPPORT)
  package static let protocolMissing = Errno(EPROTONOSUPPORT)
}
