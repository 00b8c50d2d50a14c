import { Navigate } from 'react-router';
import { useSession } from '../api/session.tsx';
import { homeOf } from './places.ts';

/** Where one begins, by what one may see. */
export function Home() {
  const { roles } = useSession();
  return <Navigate to={homeOf(roles)} replace />;
}
